/**
 * Is the path of one link alive? Asked every 500 ms over the unreliable channel.
 *
 * A miss is a tick at which no answer has come since the tick before, so time that passed
 * while this page was throttled or asleep is never held against the path: a tab that ticks
 * once a minute still needs three unanswered questions in a row. Answers are events, which
 * browsers do not throttle. Before the first answer nothing is missed: the channel may just
 * have opened on one side.
 */

import { TimerScope } from '../lib/timers.js';

export const INTERVAL_MS = 500;
export const MISSES = 3;

/** @typedef {"unproven" | "alive" | "doubted" | "lost"} Pulse */

export class Heartbeat {
  #timers;
  #send;
  #onMiss;
  #onAlive;
  #running = false;
  /** @type {Pulse} */
  #state = 'unproven';
  #doubtedAt = -1;
  #unanswered = false;
  #misses = 0;
  /** @type {number | null} */
  #rttMs = null;

  /**
   * @param {object} options
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {(frame: { type: "ping", t: number }) => void} options.send
   * @param {(misses: number) => void} options.onMiss each unanswered tick, counted
   * @param {() => void} options.onAlive the first answer, and the first after loss or doubt
   */
  constructor({ timers, send, onMiss, onAlive }) {
    this.#timers = new TimerScope(timers);
    this.#send = send;
    this.#onMiss = onMiss;
    this.#onAlive = onAlive;
  }

  get state() {
    return this.#state;
  }

  /** @returns {number | null} smoothed round trip, milliseconds */
  get rttMs() {
    return this.#rttMs;
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    this.#ask();
  }

  /** Believe no answer to an older question: the network under the path changed. */
  doubt() {
    this.#doubtedAt = this.#timers.now();
    if (this.#state === 'alive') this.#state = 'doubted';
  }

  /** @param {number} t the time of asking that the answer repeats */
  answer(t) {
    const now = this.#timers.now();
    if (t <= this.#doubtedAt || t > now || !this.#running) return;
    const sample = now - t;
    this.#rttMs = this.#rttMs === null ? sample : this.#rttMs * 0.8 + sample * 0.2;
    const back = this.#state !== 'alive';
    this.#state = 'alive';
    this.#misses = 0;
    this.#unanswered = false;
    if (back) this.#onAlive();
  }

  close() {
    this.#running = false;
    this.#timers.close();
  }

  #ask() {
    if (this.#unanswered && this.#state !== 'unproven') {
      this.#misses += 1;
      if (this.#misses >= MISSES) this.#state = 'lost';
      this.#onMiss(this.#misses);
      if (!this.#running) return;
    }
    this.#unanswered = true;
    this.#send({ type: 'ping', t: this.#timers.now() });
    this.#timers.set('ask', INTERVAL_MS, () => this.#ask());
  }
}
