/**
 * What this side of a link says of its session, in as few frames as may be.
 *
 * A description goes at the end of the turn in which it was set, with the candidates found by
 * then inside it; later candidates travel together in windows of 20 ms. Owns `seq`, which
 * counts over the whole life of the link, however many connections it has had.
 */

import { TimerScope } from '../lib/timers.js';

const WINDOW_MS = 20;
const MAX_CANDIDATES = 32;
const MAX_CANDIDATE_BYTES = 1024;

/** @typedef {{ seq: number, kind: "offer" | "answer", answers: number | null }} Said */

export class Outbox {
  #timers;
  #post;
  #sdp;
  #nextSeq = 0;
  /** @type {Said | null} */
  #said = null;
  #unsent = false;
  /** @type {any[]} */
  #candidates = [];

  /**
   * @param {object} options
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {(frame: import("./transport.js").Frame) => void} options.post
   * @param {() => string | null} options.sdp of the local description as it is now
   */
  constructor({ timers, post, sdp }) {
    this.#timers = new TimerScope(timers);
    this.#post = post;
    this.#sdp = sdp;
  }

  /** @returns {number} */
  takeSeq() {
    return this.#nextSeq++;
  }

  /**
   * @param {"offer" | "answer"} kind
   * @param {number | null} answers `seq` of the offer that is answered
   * @returns {number} its `seq`
   */
  describe(kind, answers) {
    this.#said = { seq: this.takeSeq(), kind, answers };
    this.#unsent = true;
    this.#timers.set('window', 0, () => this.#flush());
    return this.#said.seq;
  }

  /** Say the last description once more: it, its answer or its candidates may be lost. */
  repeat() {
    if (!this.#said) return;
    this.#unsent = true;
    this.#flush();
  }

  /** The session that was described is no more. */
  forget() {
    this.#said = null;
    this.#unsent = false;
    this.#candidates.length = 0;
    this.#timers.clear('window');
  }

  /** @param {RTCIceCandidate} candidate */
  add(candidate) {
    if (candidate.candidate.length > MAX_CANDIDATE_BYTES) return;
    this.#candidates.push({
      candidate: candidate.candidate,
      sdp_mid: candidate.sdpMid,
      sdp_m_line_index: candidate.sdpMLineIndex,
      username_fragment: candidate.usernameFragment,
    });
    if (!this.#timers.has('window')) {
      this.#timers.set('window', WINDOW_MS, () => this.#flush());
    }
  }

  close() {
    this.forget();
    this.#timers.close();
  }

  /**
   * The last description as it is now, with every candidate found so far inside.
   *
   * @returns {import("./transport.js").Frame | null} null: nothing was described yet
   */
  latest() {
    const sdp = this.#said && this.#sdp();
    if (!this.#said || !sdp) return null;
    const { seq, kind, answers } = this.#said;
    this.#unsent = false;
    this.#candidates.length = 0;
    this.#timers.clear('window');
    return {
      type: 'peer.description',
      seq,
      kind,
      sdp,
      ...(answers === null ? {} : { answers }),
    };
  }

  #flush() {
    this.#timers.clear('window');
    if (this.#unsent) {
      const description = this.latest();
      if (!description) return;
      this.#post(description);
    }
    while (this.#candidates.length > 0) {
      const candidates = this.#candidates.splice(0, MAX_CANDIDATES);
      this.#post({ type: 'peer.candidates', seq: this.takeSeq(), candidates });
    }
  }
}
