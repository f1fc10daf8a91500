/**
 * What the pictures of one link may use of its uplink, so that the voice never suffers.
 *
 * The browser's estimate binds only while it is strained (its encoder is held back, or the
 * other side misses packets): an estimate grows with what is sent, so that holding to it
 * always would keep it small. Strained, the pictures get four fifths of it less the voice;
 * when that is less than a picture needs they pause, and are tried again after a wait that
 * doubles each time it was too early.
 */

import { AUDIO_BPS } from './ladder.js';

/** Share of the estimate that may be planned for. */
const USABLE = 0.8;
/** Less than this is no picture. */
const FLOOR_BPS = 60_000;
const LOSSY = 0.1;
const PAUSE_AFTER_MS = 4_000;
const RELIEF_MS = 8_000;
const RISE = 1.3;
const FIRST_PAUSE_MS = 12_000;
const LONGEST_PAUSE_MS = 96_000;
/** Above this nothing that the ladder plans is held back. */
const ENOUGH_BPS = 3_000_000;

/** @typedef {{ uplinkBps: number | null, limitation: string | null, uplinkLoss: number }} Uplink */

export class Governor {
  /** @type {number | null} */
  #cap = null;
  /** @type {number | null} since when the pictures starve */
  #starvedSince = null;
  #strainedAt = Number.NEGATIVE_INFINITY;
  #pausedUntil = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #paused = false;

  /** @returns {number | null} bits per second for all pictures of the link; null: the ladder's */
  get capBps() {
    return this.#cap;
  }

  get paused() {
    return this.#paused;
  }

  /** @returns {"less-video" | "audio-only" | null} */
  get action() {
    if (this.#paused) return 'audio-only';
    return this.#cap === null ? null : 'less-video';
  }

  /**
   * @param {Uplink} uplink
   * @param {number} now milliseconds
   */
  observe({ uplinkBps, limitation, uplinkLoss }, now) {
    if (this.#paused) {
      if (now >= this.#pausedUntil) this.#resume(now);
      return;
    }
    const lossy = uplinkLoss > LOSSY;
    if (uplinkBps !== null && (lossy || limitation === 'bandwidth')) {
      this.#strain(lossy ? uplinkBps * (1 - uplinkLoss) : uplinkBps, now);
    } else {
      this.#relieve(now);
    }
  }

  /** Another connection: what the old one bore says nothing. */
  reset() {
    this.#cap = null;
    this.#paused = false;
    this.#starvedSince = null;
  }

  /** @param {number} uplinkBps @param {number} now */
  #strain(uplinkBps, now) {
    this.#strainedAt = now;
    const left = uplinkBps * USABLE - AUDIO_BPS;
    this.#cap = Math.round(Math.max(FLOOR_BPS, Math.min(left, ENOUGH_BPS)));
    if (left >= FLOOR_BPS) {
      this.#starvedSince = null;
      return;
    }
    this.#starvedSince ??= now;
    if (now - this.#starvedSince >= PAUSE_AFTER_MS) this.#pause(now);
  }

  /** @param {number} now */
  #relieve(now) {
    this.#starvedSince = null;
    if (this.#cap === null || now - this.#strainedAt < RELIEF_MS) return;
    this.#cap = Math.round(this.#cap * RISE);
    if (this.#cap >= ENOUGH_BPS) this.#cap = null;
    if (now - this.#strainedAt > LONGEST_PAUSE_MS) this.#pauseMs = FIRST_PAUSE_MS;
  }

  /** @param {number} now */
  #pause(now) {
    this.#paused = true;
    this.#pausedUntil = now + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }

  /** @param {number} now */
  #resume(now) {
    this.#paused = false;
    this.#cap = FLOOR_BPS * 2;
    this.#starvedSince = null;
    this.#strainedAt = now;
  }
}
