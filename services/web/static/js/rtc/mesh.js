/**
 * All links of one call: who is linked with whom, who offers, what everybody may know.
 *
 * Owns the links, this peer's presence and its revision, and the rule of offering: the
 * joiner offers to all it knows; of two who have not offered each other, the one with the
 * higher order. The roster of the server is the truth about who is in the room, but only
 * `peer.gone` or a lasting absence closes a link: a call goes on while the server is away.
 * No DOM.
 */

import { Bucket } from '../lib/bucket.js';
import { Emitter } from '../lib/emitter.js';
import { systemTimers } from '../lib/timers.js';
import { SERVER_CHAT_PACE } from '../signaling/limits.js';
import { isLinkMessage } from '../signaling/validate.js';
import { Absence } from './absence.js';
import { ChatLedger } from './chat-ledger.js';
import { IceSource } from './ice.js';
import { Link } from './link.js';
import { Member } from './member.js';
import { OwnPresence } from './own-presence.js';
import { noTracks, Streams } from './slots.js';
import { Spare } from './spare.js';
import { Warmth } from './warmth.js';

const MAX_LINKS = 16;
const MAX_KNOWN_IDS = 256;
const OFFER_MS = 2_000;
/** Somebody back in an older seat offers to all it knows: that offer is on its way. */
const RETURNING_MS = 300;
const OVERDUE_MS = 4_000;

/** @typedef {import("./own-presence.js").Presence} Presence */
/** @typedef {Presence & { peer_id: string, order: number, state: string, revision: number }} RosterPeer */
/** @typedef {import("./slots.js").Source} Source */

/**
 * @typedef {object} MeshEvents
 * @property {Link["report"]} link
 * @property {{ peerId: string, source: Source, track: MediaStreamTrack | null }} track
 * @property {{ peerId: string, revision: number } & Presence} presence
 * @property {{ peerId: string, messageId: string, text: string }} chat
 * @property {{ messageIds: string[] }} chatWaiting own messages that have not left this page
 * @property {{ messageIds: string[] }} chatLost own messages that not everybody will get
 * @property {void} needIce
 */

export class Mesh {
  /** @type {Emitter<MeshEvents & Record<string, any>>} */
  #events = new Emitter();
  #transport;
  #spare;
  #warmth;
  #timers;
  #policy;
  #streams;
  #ice;
  #absence;
  /** @type {string | null} */
  #selfId = null;
  /** @type {number | null} */
  #order = null;
  #joined = false;
  /** @type {{ epoch: string, rev: number } | null} */
  #roster = null;
  /** @type {Map<string, Member>} */
  #members = new Map();
  /** @type {Set<string>} */
  #gone = new Set();
  /** @type {Set<string>} */
  #chats = new Set();
  /** @type {Set<string> | null} */
  #visible = null;
  #outgoing = new ChatLedger((messageIds) => this.#events.emit('chatWaiting', { messageIds }));
  #serverChat;
  #tracks = noTracks();
  #presence = new OwnPresence();

  /**
   * @param {object} options
   * @param {{ send: (frame: any) => boolean, online?: () => boolean }} options.transport to the server
   * @param {(config: RTCConfiguration) => RTCPeerConnection} [options.createPeerConnection]
   * @param {() => MediaStream} [options.createMediaStream]
   * @param {import("../lib/timers.js").Timers} [options.timers]
   * @param {RTCIceTransportPolicy} [options.iceTransportPolicy]
   */
  constructor({
    transport,
    createPeerConnection = (config) => new RTCPeerConnection(config),
    createMediaStream = () => new MediaStream(),
    timers = systemTimers,
    iceTransportPolicy = 'all',
  }) {
    this.#transport = transport;
    this.#spare = new Spare({ timers, create: () => createPeerConnection(this.#configuration) });
    this.#warmth = new Warmth({
      timers,
      prepare: (peerId) => this.#prepare(peerId),
      drop: (peerId) => this.#dropUnsaid(peerId),
    });
    this.#timers = timers;
    this.#serverChat = new Bucket({ ...SERVER_CHAT_PACE, now: () => timers.now() });
    this.#policy = iceTransportPolicy;
    this.#streams = new Streams(createMediaStream);
    this.#ice = new IceSource({
      timers,
      onNeed: () => this.#events.emit('needIce', undefined),
    });
    this.#absence = new Absence({
      timers,
      online: () => transport.online?.() ?? true,
      onGone: (peerId) => this.#forget(peerId),
    });
  }

  /**
   * @template {keyof MeshEvents} K
   * @param {K} type
   * @param {(payload: MeshEvents[K]) => void} listener
   * @param {{ signal?: AbortSignal }} [options]
   */
  on(type, listener, options) {
    return this.#events.on(type, listener, options);
  }

  get peerIds() {
    return [...this.#members.keys()];
  }

  get revision() {
    return this.#presence.revision;
  }

  /** @returns {Link["report"][]} */
  get reports() {
    return [...this.#members.values()].map(({ link }) => link.report);
  }

  /**
   * From each `welcome`, and from `seat` without `iceServers`. Another `selfId` is another
   * peer: the links of the old one are closed.
   *
   * @param {{ selfId: string, order: number | null, iceServers?: any[] }} options
   */
  configure({ selfId, order, iceServers }) {
    if (this.#selfId !== null && this.#selfId !== selfId) this.#startOver();
    this.#selfId = selfId;
    if (order !== null) this.#order = order;
    if (!iceServers) return;
    this.setIceServers(iceServers);
    for (const { link } of this.#members.values()) link.nudge();
  }

  /** The person is about to join: have everything ready that can be. */
  warm() {
    if (!this.#joined) this.#warmth.stir();
  }

  /** @param {any[]} servers */
  setIceServers(servers) {
    this.#ice.set(servers);
    this.#spare.configure(this.#configuration);
    for (const { link } of this.#members.values()) link.configureIce();
  }

  /** @param {Partial<import("./slots.js").Tracks>} tracks those not named stay as they are */
  setTracks(tracks) {
    this.#tracks = { ...this.#tracks, ...tracks };
    for (const { link } of this.#members.values()) link.setTracks(this.#tracks);
  }

  /** @param {Presence} presence */
  setPresence(presence) {
    if (!this.#presence.set(presence, { joined: this.#joined })) return;
    this.#publishPresence();
    for (const { link } of this.#members.values()) link.tellPresence();
  }

  /**
   * Offers to everybody known, for the frames right behind `join`. From here on further
   * frames of these links go out by themselves.
   *
   * @param {RosterPeer[]} peers of the last `room.state`
   * @returns {Promise<any[]>} one `peer.description` each, and candidates found meanwhile
   */
  async offersFor(peers) {
    this.#warmth.end();
    const links = [];
    for (const peer of peers) {
      if (peer.peer_id === this.#selfId) continue;
      const member = this.#meet(peer.peer_id);
      if (!member) continue;
      member.order = peer.order;
      if (member.link.held || !member.link.begun) links.push(member.link);
    }
    this.#setPeople(links.length + 1);
    const ready = Promise.all(links.map((link) => link.prepare()));
    await this.#within(OFFER_MS, ready);
    return links.filter(({ held }) => held).flatMap((link) => link.release());
  }

  /** @param {{ epoch: string, rev: number, peers: RosterPeer[] }} state */
  applyRoomState(state) {
    const known = this.#roster;
    if (known && known.epoch === state.epoch && state.rev <= known.rev) return;
    this.#roster = { epoch: state.epoch, rev: state.rev };
    const self = state.peers.find(({ peer_id }) => peer_id === this.#selfId);
    if (!self) {
      if (!this.#joined) this.#warmth.enter(state.peers.map(({ peer_id }) => peer_id));
      return;
    }
    const justJoined = !this.#joined;
    this.#joined = true;
    this.#warmth.end();
    this.#spare.want();
    this.#order = self.order;
    this.#absence.enter(state.epoch);
    if (this.#presence.reconcile(self)) this.#publishPresence();
    const present = new Set(state.peers.map(({ peer_id }) => peer_id));
    for (const peerId of this.#members.keys()) {
      if (!present.has(peerId)) this.#absence.missing(peerId);
    }
    for (const peer of state.peers) {
      if (peer !== self) this.#applyPeer(peer, justJoined);
    }
    this.#setPeople(state.peers.length);
    this.#releaseAll();
  }

  /** A roster that came between the join and its answer made more links ready. */
  #releaseAll() {
    for (const { link } of this.#members.values()) {
      if (!link.held) continue;
      for (const frame of link.release()) this.#transport.send(frame);
    }
  }

  /** @param {{ peer_id: string }} message */
  peerGone({ peer_id }) {
    remember(this.#gone, peer_id);
    this.#forget(peer_id);
  }

  /** `peer.description`, `peer.candidates` and `chat.message` of the server. @param {any} message */
  receive(message) {
    const { from, ...frame } = message;
    if (from === this.#selfId || !isLinkMessage(frame)) return;
    this.#meet(from)?.link.receive(frame);
  }

  /**
   * @param {string} text
   * @returns {string} the message's id
   */
  sendChat(text) {
    const id = crypto.randomUUID();
    this.#outgoing.enter(id, this.#members.size);
    for (const { link } of this.#members.values()) link.sendChat(id, text);
    return id;
  }

  /** @returns {[string, number][]} by peer id, 0 to 1; cheap enough for several times a second */
  audioLevels() {
    return [...this.#members].map(([peerId, { link }]) => [peerId, link.audioLevel]);
  }

  /**
   * Whose pictures this page shows: the others need not send theirs.
   *
   * @param {Iterable<string> | null} peerIds null: everybody's
   */
  setVisible(peerIds) {
    this.#visible = peerIds === null ? null : new Set(peerIds);
    for (const [peerId, { link }] of this.#members) link.setShown(this.#shownOf(peerId));
  }

  /** The page learnt that its network is another one. */
  networkChanged() {
    for (const { link } of this.#members.values()) link.networkChanged();
  }

  close() {
    this.#startOver();
    this.#warmth.close();
    this.#spare.close();
    this.#absence.close();
    this.#ice.close();
    this.#events.clear();
  }

  /** @param {RosterPeer} peer @param {boolean} justJoined */
  #applyPeer(peer, justJoined) {
    this.#absence.present(peer.peer_id);
    const isNew = !this.#members.has(peer.peer_id);
    const member = this.#meet(peer.peer_id);
    if (!member) return;
    const returned = member.state === 'away' && peer.state === 'here';
    member.order = peer.order;
    member.state = peer.state;
    const { audio, video, screen, hand, revision } = peer;
    member.heard({ audio, video, screen, hand, revision });
    if (returned) member.link.nudge();
    if (!isNew || member.link.begun) return;
    if (!this.#isLater(member)) member.link.expectOffer(OVERDUE_MS);
    else if (justJoined) member.link.offer();
    else member.link.expectOffer(RETURNING_MS);
  }

  /** Whether this peer came after the other one: it offers, and it is polite. @param {Member} member */
  #isLater(member) {
    return (this.#order ?? Number.POSITIVE_INFINITY) > (member.order ?? Number.POSITIVE_INFINITY);
  }

  /**
   * @param {string} peerId
   * @returns {Member | null} null: gone already, or more than a room can hold
   */
  #meet(peerId) {
    const known = this.#members.get(peerId);
    if (known) return known;
    if (this.#gone.has(peerId) || this.#members.size >= MAX_LINKS) return null;
    const link = this.#link(peerId);
    const member = new Member({
      link,
      events: {
        onPresence: (presence) => this.#events.emit('presence', { peerId, ...presence }),
        onTrack: (source, track) => this.#events.emit('track', { peerId, source, track }),
      },
    });
    this.#members.set(peerId, member);
    link.setShown(this.#shownOf(peerId));
    this.#events.emit('link', link.report);
    return member;
  }

  /** @param {string} peerId */
  #shownOf(peerId) {
    const shown = this.#visible?.has(peerId) ?? true;
    return { camera: shown, screen: shown };
  }

  /** @param {string} peerId */
  #link(peerId) {
    const config = () => this.#configuration;
    return new Link({
      peerId,
      createPeerConnection: () => this.#spare.take(),
      streams: this.#streams,
      tracks: this.#tracks,
      server: (frame) => this.#transport.send(frame),
      serverChat: this.#serverChat,
      polite: () => {
        const member = this.#members.get(peerId);
        return member !== undefined && this.#isLater(member);
      },
      ice: { stale: () => this.#ice.stale(), fresh: () => this.#ice.fresh(), config },
      timers: this.#timers,
      events: {
        onChange: () => this.#onLinkChange(peerId),
        onTrack: (source, track) => this.#members.get(peerId)?.addTrack(source, track),
        onPresence: ({ audio, video, screen, hand, revision }) =>
          this.#members.get(peerId)?.heard({ audio, video, screen, hand, revision }),
        onChat: (chat) => this.#onChat(peerId, chat),
        onChatPassed: (messageId) => this.#outgoing.passed(messageId),
        onChatReturned: (messageId) => this.#outgoing.returned(messageId),
        presence: () => this.#presence.told,
        theirs: () => this.#members.get(peerId)?.presence ?? null,
        onReport: (report) =>
          this.#transport.send({ type: 'call.report', peer_id: peerId, ...report }),
      },
    });
  }

  /** @returns {RTCConfiguration} */
  get #configuration() {
    return {
      iceServers: this.#ice.servers,
      iceTransportPolicy: this.#policy,
      bundlePolicy: 'max-bundle',
    };
  }

  /** @param {string} peerId @returns {Promise<void>} when its offer is there */
  #prepare(peerId) {
    if (peerId === this.#selfId) return Promise.resolve();
    const link = this.#meet(peerId)?.link;
    return link && (link.held || !link.begun) ? link.prepare() : Promise.resolve();
  }

  /** @param {string} peerId whose offer will not be sent */
  #dropUnsaid(peerId) {
    if (this.#members.get(peerId)?.link.held) this.#forget(peerId);
  }

  /** @param {string} peerId */
  #onLinkChange(peerId) {
    const member = this.#members.get(peerId);
    if (member) this.#events.emit('link', member.link.report);
  }

  /** @param {string} peerId @param {{ message_id: string, text: string }} chat */
  #onChat(peerId, { message_id, text }) {
    const key = `${peerId} ${message_id}`;
    if (this.#chats.has(key)) return;
    remember(this.#chats, key);
    this.#events.emit('chat', { peerId, messageId: message_id, text });
  }

  #publishPresence() {
    this.#transport.send({ type: 'presence.set', ...this.#presence.told });
  }

  /** @param {number} people */
  #setPeople(people) {
    for (const { link } of this.#members.values()) link.setPeople(Math.max(2, people));
  }

  /** @param {string} peerId */
  #forget(peerId) {
    this.#absence.present(peerId);
    const member = this.#members.get(peerId);
    if (!member) return;
    member.link.close();
    this.#members.delete(peerId);
    member.takeBackTracks();
  }

  #startOver() {
    const lost = this.#outgoing.giveUp();
    if (lost.length > 0) {
      this.#events.emit('chatWaiting', { messageIds: [] });
      this.#events.emit('chatLost', { messageIds: lost });
    }
    this.#warmth.end();
    this.#spare.close();
    for (const peerId of [...this.#members.keys()]) this.#forget(peerId);
    this.#joined = false;
    this.#order = null;
    this.#presence.reset();
    this.#roster = null;
  }

  /**
   * @param {number} ms
   * @param {Promise<unknown>} work
   * @returns {Promise<void>} when it is done or the time is up
   */
  #within(ms, work) {
    return new Promise((resolve) => {
      const handle = this.#timers.set(resolve, ms);
      void work.finally(() => {
        this.#timers.clear(handle);
        resolve();
      });
    });
  }
}

/** @param {Set<string>} ids the oldest is forgotten @param {string} id */
function remember(ids, id) {
  ids.add(id);
  if (ids.size > MAX_KNOWN_IDS) {
    for (const oldest of ids) {
      ids.delete(oldest);
      break;
    }
  }
}
