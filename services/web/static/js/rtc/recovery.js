/**
 * What to try, and when, to bring a lost link back, for as long as the call lasts.
 *
 * New ICE credentials first, because they keep DTLS and the decoders; a new
 * RTCPeerConnection when that failed several times. Attempts that cannot even be told to
 * the other side (`blocked`) do not count: the network of this page is simply away.
 */

import { TimerScope } from '../lib/timers.js';

/** @typedef {"ice" | "rebuild"} Remedy */

/** @type {readonly { remedy: Remedy, patienceMs: number }[]} the last one repeats */
export const LADDER = [
  { remedy: 'ice', patienceMs: 5_000 },
  { remedy: 'ice', patienceMs: 6_000 },
  { remedy: 'ice', patienceMs: 8_000 },
  { remedy: 'rebuild', patienceMs: 10_000 },
  { remedy: 'rebuild', patienceMs: 15_000 },
  { remedy: 'rebuild', patienceMs: 30_000 },
];
/** From here on the person is told that it failed, while it is still being tried. */
const HOPELESS_FROM = 5;

export class Recovery {
  #timers;
  #attempt;
  #blocked;
  #step = -1;

  /**
   * @param {object} options
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {(remedy: Remedy) => void} options.attempt
   * @param {() => boolean} options.blocked what was said last has not left this page
   */
  constructor({ timers, attempt, blocked }) {
    this.#timers = new TimerScope(timers);
    this.#attempt = attempt;
    this.#blocked = blocked;
  }

  get running() {
    return this.#step >= 0 || this.#timers.has('start');
  }

  get hopeless() {
    return this.#step >= HOPELESS_FROM;
  }

  /**
   * @param {{ delayMs?: number, afresh?: boolean, remedy?: Remedy }} [options] afresh: the
   *   network changed, so what failed before says nothing; remedy: begin with that one
   */
  start({ delayMs = 0, afresh = false, remedy = 'ice' } = {}) {
    if (this.running && !afresh) return;
    this.#step = -1;
    const first = LADDER.findIndex((step) => step.remedy === remedy);
    if (delayMs === 0) this.#take(first);
    else this.#timers.set('start', delayMs, () => this.#take(first));
  }

  /** The other side has begun to restart: give that a chance before adding ours. */
  defer() {
    if (!this.running) return;
    this.#timers.clear('start');
    this.#step = Math.max(this.#step, 0);
    this.#wait();
  }

  done() {
    this.#step = -1;
    this.#timers.clear('start');
    this.#timers.clear('next');
  }

  close() {
    this.done();
    this.#timers.close();
  }

  /** @param {number} step */
  #take(step) {
    this.#timers.clear('start');
    this.#step = step;
    this.#wait();
    this.#attempt(this.#current.remedy);
  }

  get #current() {
    const step = LADDER[Math.min(this.#step, LADDER.length - 1)];
    return /** @type {{ remedy: Remedy, patienceMs: number }} */ (step);
  }

  #wait() {
    this.#timers.set('next', this.#current.patienceMs, () => {
      if (this.#blocked()) this.#wait();
      else this.#take(this.#step + 1);
    });
  }
}
