/**
 * What the two sides of a link say of their connections, and which one is current.
 *
 * The other browser's connection is known by the origin of its descriptions: a foreign
 * origin is a new connection over there and must never be applied to the old one here
 * (other DTLS keys, other transceivers). Of two first offers the polite side's is given up
 * with its connection. When to restart or to rebuild is decided in link.js.
 */

import { TimerScope } from '../lib/timers.js';
import { Outbox } from './outbox.js';
import { originOf, ufragsOf } from './sdp.js';
import { Session } from './session.js';
import { SOURCES } from './slots.js';

const REPEAT_MS = 5_000;
const MAX_EARLY = 64;
/** A track is shown at last, even if no answer can be made. */
const TRACKS_MS = 300;

/**
 * @typedef {object} DialogueEvents
 * @property {(session: Session) => void} onOpen
 * @property {() => void} onDrop
 * @property {() => void} onOffer an offer of the other side is taken
 * @property {() => void} onRebuild
 * @property {() => void} onStates
 * @property {(source: import("./slots.js").Source, track: MediaStreamTrack) => void} onTrack
 * @property {(label: "traverse" | "pulse", data: unknown) => void} onFrame
 * @property {(session: Session) => void} onChannels
 * @property {(error: unknown) => void} onError
 */

export class Dialogue {
  #createPeerConnection;
  #streams;
  #tracks;
  #polite;
  #quiet;
  #events;
  #timers;
  #outbox;
  /** @type {Session | null} */
  #session = null;
  #lastOffer = -1;
  #answered = -1;
  #answering = -1;
  /** @type {RTCIceCandidateInit[]} */
  #early = [];
  /** @type {[import("./slots.js").Source, MediaStreamTrack][]} */
  #arrived = [];

  /**
   * @param {object} options
   * @param {() => RTCPeerConnection} options.createPeerConnection
   * @param {import("./slots.js").Streams} options.streams
   * @param {import("./slots.js").Tracks} options.tracks
   * @param {() => boolean} options.polite
   * @param {() => boolean} options.quiet nothing may be said yet
   * @param {(frame: import("./transport.js").Frame) => void} options.post
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {DialogueEvents} options.events
   */
  constructor({ createPeerConnection, streams, tracks, polite, quiet, post, timers, events }) {
    this.#createPeerConnection = createPeerConnection;
    this.#streams = streams;
    this.#tracks = tracks;
    this.#polite = polite;
    this.#quiet = quiet;
    this.#events = events;
    this.#timers = new TimerScope(timers);
    this.#outbox = new Outbox({
      timers,
      post: (frame) => {
        post(frame);
        if (frame.kind === 'answer') this.#showTracks();
      },
      sdp: () => this.#session?.sdp ?? null,
    });
  }

  get session() {
    return this.#session;
  }

  /** @returns {number} */
  takeSeq() {
    return this.#outbox.takeSeq();
  }

  /** @param {import("./slots.js").Tracks} tracks */
  setTracks(tracks) {
    this.#tracks = tracks;
    this.#session?.setTracks(tracks);
  }

  /** Take the offerer's part, with a new connection. */
  offer() {
    this.#open().open();
  }

  rebuild() {
    this.drop();
    this.#events.onRebuild();
    this.offer();
  }

  /** The last description once more, if it has not come to anything yet. */
  repeat() {
    if (this.#session && !this.#session.stable) this.#outbox.repeat();
  }

  /** @returns {import("./transport.js").Frame | null} the last description as it is now */
  latest() {
    return this.#outbox.latest();
  }

  /** From now on it is said again until it is answered. */
  watch() {
    if (this.#quiet() || !this.#session) return;
    this.#timers.set('repeat', REPEAT_MS, () => {
      if (!this.#session || this.#session.stable) return;
      this.#outbox.repeat();
      this.watch();
    });
  }

  drop() {
    const session = this.#session;
    if (!session) return;
    this.#early = session.takeEarly();
    this.#session = null;
    this.#events.onDrop();
    this.#timers.clear('repeat');
    this.#timers.clear('tracks');
    this.#arrived.length = 0;
    this.#outbox.forget();
    session.close();
  }

  close() {
    this.drop();
    this.#timers.close();
    this.#outbox.close();
  }

  // --- What the other side says ---------------------------------------------------

  /** @param {any} frame `peer.description` @param {boolean} isNew */
  receive(frame, isNew) {
    if (frame.kind === 'answer') this.#onAnswer(frame, isNew);
    else if (frame.seq > this.#lastOffer) this.#onOffer(frame);
    else if (frame.seq === this.#lastOffer) this.#onRepeatedOffer(frame);
  }

  /** @param {any} frame `peer.candidates` */
  receiveCandidates(frame) {
    for (const { candidate, sdp_mid, sdp_m_line_index, username_fragment } of frame.candidates) {
      const init = {
        candidate,
        sdpMid: sdp_mid ?? null,
        sdpMLineIndex: sdp_m_line_index ?? null,
        usernameFragment: username_fragment ?? null,
      };
      if (this.#session) this.#session.receiveCandidate(init);
      else if (this.#early.push(init) > MAX_EARLY) this.#early.shift();
    }
  }

  /** @param {any} frame @returns {boolean} whether answering it means to gather again */
  restarts(frame) {
    const known = this.#session?.pc.remoteDescription?.sdp;
    if (frame.type !== 'peer.description' || frame.kind !== 'offer' || !known) return false;
    const generations = ufragsOf(known);
    return ![...ufragsOf(frame.sdp)].some((ufrag) => generations.has(ufrag));
  }

  /**
   * Not known by its being new: one that lost the glare comes again with the same `seq`.
   *
   * @param {any} frame
   */
  #onOffer(frame) {
    const session = this.#session;
    if (session?.offering && !this.#polite()) return;
    this.#lastOffer = frame.seq;
    this.#answering = frame.seq;
    const known = session?.usable && session.remoteOrigin === originOf(frame.sdp);
    if (!known) this.drop();
    this.#events.onOffer();
    const current = this.#session ?? this.#open();
    void current.receiveDescription({ type: 'offer', sdp: frame.sdp });
  }

  /** The answer was lost, or candidates were. @param {any} frame */
  #onRepeatedOffer(frame) {
    this.#session?.receiveCandidatesOf(frame.sdp);
    if (this.#answered === frame.seq && this.#session?.stable) this.#outbox.repeat();
  }

  /** @param {any} frame @param {boolean} isNew */
  #onAnswer(frame, isNew) {
    const session = this.#session;
    if (!session || frame.answers !== session.offerSeq) return;
    if (!isNew) {
      session.receiveCandidatesOf(frame.sdp);
    } else if (session.remoteOrigin !== null && session.remoteOrigin !== originOf(frame.sdp)) {
      this.rebuild();
    } else {
      void session.receiveDescription({ type: 'answer', sdp: frame.sdp });
    }
  }

  // --- The current connection -------------------------------------------------------

  #open() {
    /** @type {Session} */
    const session = new Session({
      pc: this.#createPeerConnection(),
      polite: this.#polite,
      tracks: this.#tracks,
      streams: this.#streams,
      events: {
        onLocalDescription: (kind) => this.#describe(session, kind),
        onCandidate: (candidate) => this.#outbox.add(candidate),
        onStates: () => this.#events.onStates(),
        onTrack: (event) => this.#onTrack(session, event),
        onFrame: (label, data) => this.#events.onFrame(label, data),
        onChannels: () => session === this.#session && this.#events.onChannels(session),
        onError: (error) => this.#events.onError(error),
      },
    });
    this.#session = session;
    this.#events.onOpen(session);
    for (const candidate of this.#early.splice(0)) session.receiveCandidate(candidate);
    return session;
  }

  /** @param {Session} session @param {"offer" | "answer"} kind */
  #describe(session, kind) {
    if (session !== this.#session) return;
    if (kind === 'offer') {
      session.offerSeq = this.#outbox.describe('offer', null);
    } else {
      this.#answered = this.#answering;
      this.#outbox.describe('answer', this.#answered);
    }
    this.watch();
  }

  /**
   * Showing one takes longer than answering, so the answer goes first.
   *
   * @param {Session} session @param {RTCTrackEvent} event
   */
  #onTrack(session, { transceiver, track }) {
    const source = SOURCES[session.pc.getTransceivers().indexOf(transceiver)];
    if (!source) return;
    this.#arrived.push([source, track]);
    if (session.pc.signalingState !== 'have-remote-offer') this.#showTracks();
    else this.#timers.set('tracks', TRACKS_MS, () => this.#showTracks());
  }

  #showTracks() {
    this.#timers.clear('tracks');
    for (const [source, track] of this.#arrived.splice(0)) this.#events.onTrack(source, track);
  }
}
