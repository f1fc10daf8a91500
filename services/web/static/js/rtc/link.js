/**
 * One pair of peers, for as long as both are in the call: over all connections, transports
 * and networks that takes.
 *
 * Owns the link's state, when its connection is restarted or rebuilt, and which part of it
 * a frame is for. What the two browsers say of their connections is dialogue.js's.
 */

import { log } from '../lib/log.js';
import { TimerScope } from '../lib/timers.js';
import { Account } from './account.js';
import { Dialogue } from './dialogue.js';
import { Gate } from './gate.js';
import { Hearing } from './hearing.js';
import { Inbox } from './inbox.js';
import { Lifeline } from './lifeline.js';
import { LinkMonitor } from './monitor.js';
import { Pictures } from './pictures.js';
import { QualityJudge } from './quality.js';
import { Recovery } from './recovery.js';
import { LinkTransport } from './transport.js';

const CONNECT_MS = 12_000;
/** The impolite side restarts first; two restarts at once only cost a rollback. */
const POLITE_WAIT_MS = 250;
const CHANNEL_GONE_MS = 2_000;

/** @typedef {"connecting" | "connected" | "reconnecting" | "failed" | "closed"} LinkState */

/**
 * @typedef {object} LinkEvents
 * @property {() => void} onChange state, path or numbers
 * @property {(source: import("./slots.js").Source, track: MediaStreamTrack) => void} onTrack
 * @property {(presence: any) => void} onPresence
 * @property {(chat: { message_id: string, text: string }) => void} onChat
 * @property {(messageId: string) => void} onChatPassed it need not be waited for any more
 * @property {(messageId: string) => void} onChatReturned it must be waited for again
 * @property {() => any} presence what to tell the other side when the channel opens
 * @property {() => { audio: boolean, video: boolean, screen: boolean } | null} theirs the
 *   presence of the other side
 * @property {(report: any) => void} onReport for the operators
 */

export class Link {
  peerId;
  #tracks;
  #polite;
  #ice;
  #events;
  #timers;
  #inbox = new Inbox();
  #dialogue;
  #transport;
  #recovery;
  #monitor;
  #lifeline;
  #hearing = new Hearing();
  #judge = new QualityJudge();
  #account;
  #pictures;
  #wasConnected = false;
  #closed = false;
  /** @type {LinkState} */
  #state = 'connecting';
  #gate = new Gate((frame) => this.#take(frame));

  /**
   * @param {object} options
   * @param {string} options.peerId
   * @param {() => RTCPeerConnection} options.createPeerConnection
   * @param {import("./slots.js").Streams} options.streams
   * @param {import("./slots.js").Tracks} options.tracks
   * @param {(message: any) => boolean} options.server
   * @param {import("../lib/bucket.js").Bucket} options.serverChat its pace of chat, for all links
   * @param {() => boolean} options.polite
   * @param {{ stale: () => boolean, fresh: () => Promise<void>, config: () => RTCConfiguration }} options.ice
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {LinkEvents} options.events
   */
  constructor({
    peerId,
    createPeerConnection,
    streams,
    tracks,
    server,
    serverChat,
    polite,
    ice,
    timers,
    events,
  }) {
    this.peerId = peerId;
    this.#tracks = tracks;
    this.#polite = polite;
    this.#ice = ice;
    this.#events = events;
    this.#timers = new TimerScope(timers);
    this.#transport = new LinkTransport({
      peerId,
      server,
      channel: () => this.#lifeline.channel,
      timers,
      serverChat,
      onChatPassed: ({ message_id }) => events.onChatPassed(message_id),
      onChatReturned: ({ message_id }) => events.onChatReturned(message_id),
    });
    this.#dialogue = new Dialogue({
      createPeerConnection,
      streams,
      tracks,
      polite,
      quiet: () => this.held,
      post: (frame) => this.#transport.post(frame),
      timers,
      events: {
        onOpen: (session) => {
          this.#timers.clear('expect');
          this.#lifeline.attach(session);
        },
        onDrop: () => {
          this.#lifeline.detach();
          this.#timers.clear('channel');
        },
        onOffer: () => this.#recovery.defer(),
        onRebuild: () => this.#onRebuild(),
        onStates: () => this.#update(),
        onTrack: (source, track) => events.onTrack(source, track),
        onFrame: (label, data) => this.#lifeline.receive(label, data),
        onChannels: (session) => this.#onChannels(session),
        onError: (error) => this.#onError(error),
      },
    });
    this.#recovery = new Recovery({
      timers,
      attempt: (remedy) => void this.#remedy(remedy),
      blocked: () => this.#transport.blocked,
    });
    this.#monitor = new LinkMonitor({
      timers,
      pc: () => this.#session?.pc ?? null,
      expected: () => (this.#lifeline.channel ? this.#pictures.expected(events.theirs()) : []),
      onChange: () => {
        this.#pictures.tell();
        this.#assess();
        events.onChange();
      },
      onStall: () => this.#onStall(),
    });
    this.#pictures = new Pictures({
      post: (frame) => this.#postToChannel(frame),
      sent: () => this.#tracks.camera !== null && this.#monitor.action !== 'audio-only',
    });
    this.#account = new Account({
      now: () => timers.now(),
      tell: (report) => events.onReport({ ...report, ...this.#measured() }),
    });
    this.#lifeline = new Lifeline({
      timers,
      monitor: this.#monitor,
      events: {
        onFrame: (frame) => this.receive(frame),
        onAlive: () => this.#onAlive(),
        onSilent: () => this.#transport.rescue(),
        onCut: () => this.#restartSoon(),
        onAsleep: () => this.#update(),
        onDistrust: () => this.#transport.rescue(),
      },
    });
    this.#watchConnect();
  }

  get state() {
    return this.#state;
  }

  get report() {
    const { path, numbers } = this.#monitor;
    const state = this.#state;
    return {
      peerId: this.peerId,
      state,
      path: state === 'closed' ? null : path,
      rttMs: this.rttMs,
      ...numbers,
      action: this.#action,
      quality: this.#judge.quality,
    };
  }

  /** What is done about the own pictures; nothing while none is sent. */
  get #action() {
    const { camera, screen } = this.#tracks;
    return camera || screen ? this.#monitor.action : null;
  }

  #assess() {
    const { loss, jitterMs } = this.#monitor.numbers;
    const { rttMs } = this;
    const measured = { state: this.#state, rttMs, loss, jitterMs, action: this.#action };
    this.#judge.observe(measured, this.#timers.now());
  }

  /** @returns {number | null} milliseconds */
  get rttMs() {
    const measured = this.#lifeline.rttMs ?? this.#monitor.rttMs;
    return measured === null ? null : Math.round(measured);
  }

  /** @returns {number} how loud the other side is now, 0 to 1 */
  get audioLevel() {
    return this.#hearing.of(this.#session?.pc ?? null);
  }

  /** Whether a connection exists already, by our offer or theirs. */
  get begun() {
    return this.#session !== null;
  }

  /** Take the offerer's part. */
  offer() {
    if (this.#session || this.#closed) return;
    this.#dialogue.offer();
  }

  /** The other side is to offer; after `ms` without a word this side does. @param {number} ms */
  expectOffer(ms) {
    if (!this.#session) this.#timers.set('expect', ms, () => this.offer());
  }

  /** Nothing has been said yet, nor will be until `release`. */
  get held() {
    return this.#transport.held;
  }

  /**
   * Take the offerer's part as far as that goes alone: descriptions and candidates are made
   * and kept until `release`.
   *
   * @returns {Promise<void>} when there is something to release
   */
  prepare() {
    const ready = this.#transport.hold();
    this.#timers.clear('connect');
    this.offer();
    return ready;
  }

  /** @returns {any[]} the offer with what was found for it, in the server's form */
  release() {
    const kept = this.#transport.release();
    this.#account.begin();
    this.#watchConnect();
    this.#dialogue.watch();
    const offer = this.#dialogue.latest();
    return offer ? [this.#transport.forServer(offer)] : kept;
  }

  /** A frame of the other side, by whichever way it came. @param {any} frame */
  receive(frame) {
    if (this.#closed) return;
    // A restart gathers again, and a relay refuses an old credential (401): an answer made
    // with one would carry no relay candidate.
    const obstacle = () =>
      this.#dialogue.restarts(frame) && this.#ice.stale() ? this.#ice.fresh() : null;
    this.#gate.receive(frame, obstacle);
  }

  /** @param {any} frame */
  #take(frame) {
    if (this.#closed) return;
    const isNew = this.#inbox.accept(frame.seq);
    if (frame.type === 'peer.description') this.#dialogue.receive(frame, isNew);
    else if (!isNew) return;
    else if (frame.type === 'peer.candidates') this.#dialogue.receiveCandidates(frame);
    else if (frame.type === 'chat.message') this.#events.onChat(frame);
    else if (frame.type === 'peer.presence') this.#events.onPresence(frame);
    else if (frame.type === 'peer.pictures') {
      this.#monitor.wanted = this.#pictures.receive(frame);
      this.#monitor.plan();
    }
  }

  /** @param {import("./slots.js").Tracks} tracks */
  setTracks(tracks) {
    this.#tracks = tracks;
    this.#dialogue.setTracks(tracks);
    if (this.#session?.stable) this.#monitor.plan();
    this.#pictures.tell();
  }

  /** @param {import("./pictures.js").Wanted} shown what this page shows of the other side */
  setShown(shown) {
    this.#pictures.show(shown);
  }

  /** Tell it over the channel; whoever has none hears it from the server. */
  tellPresence() {
    this.#postToChannel({ type: 'peer.presence', ...this.#events.presence() });
  }

  /** @param {any} frame @returns {boolean} */
  #postToChannel(frame) {
    if (!this.#lifeline.channel) return false;
    this.#transport.post({ ...frame, seq: this.#dialogue.takeSeq() });
    return true;
  }

  /** @param {string} message_id @param {string} text */
  sendChat(message_id, text) {
    this.#transport.post({ type: 'chat.message', seq: this.#dialogue.takeSeq(), message_id, text });
  }

  /** The server can be reached again, or the other side can: say what may have been lost. */
  nudge() {
    if (this.held) return;
    this.#transport.flush();
    this.#dialogue.repeat();
  }

  configureIce() {
    if (this.#session?.usable) this.#session.pc.setConfiguration(this.#ice.config());
  }

  /** @param {number} people */
  setPeople(people) {
    this.#monitor.people = people;
    this.#monitor.plan();
  }

  networkChanged() {
    if (this.held) {
      this.#dialogue.drop();
      this.#transport.discard();
      this.offer();
      return;
    }
    this.#lifeline.doubt();
    this.#transport.rescue();
    if (this.#session) this.#recovery.start({ afresh: true });
    this.#update();
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#timers.close();
    this.#recovery.close();
    this.#monitor.close();
    this.#transport.close();
    this.#dialogue.close();
    this.#state = 'closed';
    this.#account.note('closed');
    this.#assess();
    this.#events.onChange();
  }

  // --- The current connection -------------------------------------------------------

  get #session() {
    return this.#dialogue.session;
  }

  #onRebuild() {
    log('link.rebuild');
    this.#transport.rescue();
  }

  #watchConnect() {
    this.#timers.set('connect', CONNECT_MS, () => this.#recovery.start());
  }

  /** @param {unknown} error */
  #onError(error) {
    if (this.held) return;
    log('link.error', { name: error instanceof Error ? error.name : 'unknown' });
    this.#recovery.start({ remedy: 'rebuild', delayMs: CHANNEL_GONE_MS });
  }

  /** @param {import("./session.js").Session} session */
  #onChannels(session) {
    this.#lifeline.opened();
    if (session.traverse?.readyState === 'closed' || session.pulse?.readyState === 'closed') {
      // The other side has a new connection and its offer is on the way, or will never be.
      const wait = this.#polite() ? 2 * CHANNEL_GONE_MS : CHANNEL_GONE_MS;
      this.#timers.set('channel', wait, () => this.#recovery.start({ remedy: 'rebuild' }));
    }
    this.#update();
  }

  // --- Alive or lost --------------------------------------------------------------------

  #onAlive() {
    this.#update();
    this.#transport.flush();
    this.tellPresence();
    this.#pictures.tell({ anew: true });
  }

  #onStall() {
    log('link.stall');
    this.#recovery.start({ remedy: 'rebuild' });
  }

  #restartSoon() {
    this.#recovery.start({ delayMs: this.#polite() ? POLITE_WAIT_MS : 0 });
    this.#updateState();
  }

  /** @param {import("./recovery.js").Remedy} remedy */
  async #remedy(remedy) {
    log('link.restart', { remedy });
    const before = this.#session;
    this.#update();
    await this.#ice.fresh();
    if (this.#closed || before !== this.#session) return;
    if (remedy === 'rebuild' || !before?.usable || before.remoteOrigin === null) {
      this.#dialogue.rebuild();
      return;
    }
    this.configureIce();
    await before.restart();
  }

  get #healthy() {
    const session = this.#session;
    if (!session?.iceConnected || session.pc.connectionState !== 'connected') return false;
    return this.#lifeline.sound;
  }

  #update() {
    if (this.#closed) return;
    const session = this.#session;
    const ice = session?.pc.iceConnectionState;
    if (this.#healthy) {
      this.#recovery.done();
      this.#wasConnected = true;
      this.#timers.clear('connect');
    } else if (ice === 'failed' || ice === 'disconnected') {
      if (!this.#recovery.running) this.#restartSoon();
    }
    if (session?.stable) this.#monitor.plan();
    this.#updateState();
  }

  #updateState() {
    const state = this.#stateNow();
    if (state === this.#state) return;
    this.#state = state;
    log('link.state', { state });
    this.#account.note(state);
    this.#assess();
    if (state === 'connected') this.#monitor.soon();
    this.#events.onChange();
  }

  #measured() {
    const { path, numbers } = this.#monitor;
    const { rttMs } = this;
    return {
      path: path ?? 'none',
      ...(rttMs === null ? {} : { rtt_ms: rttMs }),
      ...(numbers.loss === null ? {} : { loss: numbers.loss }),
    };
  }

  /** @returns {LinkState} */
  #stateNow() {
    if (this.#healthy) return 'connected';
    if (this.#recovery.hopeless) return 'failed';
    return this.#wasConnected ? 'reconnecting' : 'connecting';
  }
}
