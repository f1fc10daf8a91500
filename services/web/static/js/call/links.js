/**
 * The links of this page as the state sees them: the mesh, its tracks, and what it
 * reports of each link.
 *
 * The mesh may speak of somebody before the roster names them (an offer can overtake
 * it); such news waits here until `catchUp`. A join that was refused or taken back
 * renews the mesh: links made for it lead nowhere.
 *
 * @typedef {import('./ports.js').MeshPort} MeshPort
 * @typedef {import('./ports.js').LocalTracks} LocalTracks
 * @typedef {import('./types.js').Link} Link
 * @typedef {import('./types.js').Presence} Presence
 * @typedef {import('./types.js').RosterPeer} RosterPeer
 * @typedef {import('./types.js').Source} Source
 * @typedef {import('./devices.js').CallStore} CallStore
 */

import { Outgoing } from './outgoing.js';
import { TrackShelf } from './tracks.js';

export class Links {
  tracks = new TrackShelf();
  #store;
  #createMesh;
  #localTracks;
  #needIce;
  #now;
  #timers;
  #outgoing;
  #abort = new AbortController();
  #mesh;
  /** @type {Map<string, Link>} */
  #reports = new Map();
  /** @type {RTCIceServer[]} */
  #iceServers = [];

  /**
   * @param {object} options
   * @param {CallStore} options.store
   * @param {() => MeshPort} options.createMesh
   * @param {() => LocalTracks} options.localTracks
   * @param {() => void} options.needIce
   * @param {() => number} options.now Unix milliseconds.
   * @param {import('../lib/timers.js').Timers} options.timers
   */
  constructor({ store, createMesh, localTracks, needIce, now, timers }) {
    this.#store = store;
    this.#createMesh = createMesh;
    this.#localTracks = localTracks;
    this.#needIce = needIce;
    this.#now = now;
    this.#timers = timers;
    this.#outgoing = new Outgoing({ store, timers });
    this.#mesh = this.#open();
  }

  /**
   * @param {RTCIceServer[]} [servers] From `welcome`, and only then: the mesh says again what
   *   the lost socket may have swallowed. What follows comes by `newIceServers`.
   */
  configure(servers) {
    const { peerId, order } = this.#store.state.self;
    this.#iceServers = servers ?? this.#iceServers;
    if (peerId !== null) {
      const known = { selfId: peerId, order };
      this.#mesh.configure(servers === undefined ? known : { ...known, iceServers: servers });
    }
  }

  /** @param {RTCIceServer[]} servers */
  newIceServers(servers) {
    this.#iceServers = servers;
    this.#mesh.setIceServers(servers);
  }

  /** @param {LocalTracks} tracks */
  setTracks(tracks) {
    this.#mesh.setTracks(tracks);
  }

  /** @param {Presence} presence The mesh keeps it until there is somebody to tell. */
  setPresence(presence) {
    this.#mesh.setPresence(presence);
  }

  /**
   * @param {RosterPeer[]} peers
   * @returns {Promise<import('./ports.js').Frame[]>} Empty when the mesh was renewed meanwhile.
   */
  async offersFor(peers) {
    const mesh = this.#mesh;
    const offers = await mesh.offersFor(peers);
    return mesh === this.#mesh ? offers : [];
  }

  /** @param {any} message `room.state`, after the reducer had it. */
  roomState(message) {
    this.#mesh.applyRoomState(message);
    this.#catchUp();
  }

  /** @param {any} message */
  peerGone(message) {
    this.#mesh.peerGone(message);
  }

  /** @param {any} message */
  receive(message) {
    this.#mesh.receive(message);
  }

  /**
   * @param {string} text
   * @returns {string} The message's id.
   */
  sendChat(text) {
    return this.#mesh.sendChat(text);
  }

  /** How many messages have not left this page. */
  get chatWaiting() {
    return this.#outgoing.size;
  }

  /** @returns {Iterable<readonly [string, number]>} How loud each peer is now, from 0 to 1. */
  levels() {
    return this.#mesh.audioLevels?.() ?? [];
  }

  /** @param {Iterable<string> | null} peerIds Whose pictures are shown; null: everybody's. */
  setVisible(peerIds) {
    this.#mesh.setVisible(peerIds);
  }

  /** Joining is near. */
  warm() {
    this.#mesh.warm();
  }

  networkChanged() {
    this.#mesh.networkChanged();
  }

  renew() {
    this.close();
    this.#outgoing = new Outgoing({ store: this.#store, timers: this.#timers });
    this.#mesh = this.#open();
    this.configure(this.#iceServers);
  }

  close() {
    this.#abort.abort();
    this.#mesh.close();
    this.#outgoing.close();
    this.#reports.clear();
    this.tracks.clear();
  }

  /** @returns {MeshPort} */
  #open() {
    const mesh = this.#createMesh();
    this.#abort = new AbortController();
    const options = { signal: this.#abort.signal };
    mesh.on('link', (report) => this.#linkChanged(report), options);
    mesh.on('track', (event) => this.#trackChanged(event), options);
    mesh.on('presence', (event) => this.#presenceChanged(event), options);
    mesh.on('chat', (chat) => this.#chatReceived(chat), options);
    mesh.on('chatWaiting', ({ messageIds }) => this.#outgoing.waiting(messageIds), options);
    mesh.on(
      'chatLost',
      ({ messageIds }) => this.#store.dispatch({ type: 'chat.lost', messageIds }),
      options,
    );
    mesh.on('needIce', () => this.#needIce(), options);
    mesh.setTracks(this.#localTracks());
    mesh.setPresence(this.#store.state.self.presence);
    return mesh;
  }

  /** @param {Link & { peerId: string }} report */
  #linkChanged({ peerId, ...link }) {
    if (link.state === 'closed') {
      this.#reports.delete(peerId);
    } else {
      this.#reports.set(peerId, link);
    }
    this.#store.dispatch({ type: 'link', peerId, link });
  }

  /** @param {{ peerId: string, source: Source, track: MediaStreamTrack | null }} event */
  #trackChanged({ peerId, source, track }) {
    this.tracks.put(peerId, source, track);
    this.#store.dispatch({ type: 'track', peerId, source, trackId: track?.id ?? null });
  }

  /** @param {{ peerId: string, revision: number } & Presence} event */
  #presenceChanged({ peerId, revision, ...presence }) {
    this.#store.dispatch({ type: 'peer.presence', peerId, revision, presence });
  }

  /** @param {{ peerId: string, messageId: string, text: string }} chat */
  #chatReceived({ peerId, messageId, text }) {
    this.#store.dispatch({ type: 'chat.received', peerId, messageId, text, at: this.#now() });
  }

  #catchUp() {
    for (const { id, link, tracks } of this.#store.state.peers) {
      const report = this.#reports.get(id);
      if (report !== undefined && report !== link) {
        this.#store.dispatch({ type: 'link', peerId: id, link: report });
      }
      for (const [source, track] of this.tracks.of(id)) {
        if (tracks[source] !== track.id) {
          this.#store.dispatch({ type: 'track', peerId: id, source, trackId: track.id });
        }
      }
    }
  }
}
