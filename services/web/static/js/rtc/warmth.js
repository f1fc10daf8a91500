/**
 * Which links are made ready in the lobby, and for how long.
 *
 * One after the other, so that the lobby stays smooth. Each holds an allocation at the
 * relay, so a lobby that nobody touches lets go of them; the next movement brings them back.
 */

import { TimerScope } from '../lib/timers.js';

const WARM_MS = 120_000;
const MAX_WARM = 7;
/** Between two: the page draws, the camera starts. */
const PAUSE_MS = 30;

export class Warmth {
  #timers;
  #prepare;
  #drop;
  /** @type {string[]} */
  #present = [];
  /** @type {Set<string>} */
  #warm = new Set();
  #busy = false;

  /**
   * @param {object} options
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {(peerId: string) => Promise<void>} options.prepare
   * @param {(peerId: string) => void} options.drop
   */
  constructor({ timers, prepare, drop }) {
    this.#timers = new TimerScope(timers);
    this.#prepare = prepare;
    this.#drop = drop;
  }

  /** The roster, seen from the lobby. @param {string[]} peerIds */
  enter(peerIds) {
    this.#present = peerIds.slice(0, MAX_WARM);
    for (const peerId of this.#warm) {
      if (!this.#present.includes(peerId)) this.#cool(peerId);
    }
    this.stir();
  }

  /** Somebody is at the page. */
  stir() {
    if (this.#present.length === 0) return;
    this.#timers.set('cool', WARM_MS, () => {
      for (const peerId of this.#warm) this.#cool(peerId);
    });
    this.#next();
  }

  /** The join is here, or nothing to join. What is warm stays with its links. */
  end() {
    this.#present = [];
    this.#warm.clear();
    this.#timers.clear('cool');
    this.#timers.clear('next');
  }

  close() {
    this.end();
    this.#timers.close();
  }

  /** @param {string} peerId */
  #cool(peerId) {
    this.#warm.delete(peerId);
    this.#drop(peerId);
  }

  async #next() {
    if (this.#busy) return;
    const peerId = this.#present.find((each) => !this.#warm.has(each));
    if (peerId === undefined) return;
    this.#warm.add(peerId);
    this.#busy = true;
    await this.#prepare(peerId);
    this.#busy = false;
    this.#timers.set('next', PAUSE_MS, () => void this.#next());
  }
}
