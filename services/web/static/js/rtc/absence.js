/**
 * When somebody who is missing from the roster is given up.
 *
 * `peer.gone` says it at once; a roster without somebody may also be that of a server that
 * lost its memory (another `epoch`), so after such a change absence means nothing for 30 s.
 * Otherwise it stands for a lost `peer.gone`. Nobody is given up while the server is out of
 * reach: it could not tell us that they came back.
 */

import { TimerScope } from '../lib/timers.js';

export const ABSENT_MS = 5_000;
export const EPOCH_MS = 30_000;

export class Absence {
  #timers;
  #online;
  #onGone;
  /** @type {string | null} */
  #epoch = null;
  #quietUntil = 0;

  /**
   * @param {object} options
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {() => boolean} options.online whether the server is within reach
   * @param {(peerId: string) => void} options.onGone
   */
  constructor({ timers, online, onGone }) {
    this.#timers = new TimerScope(timers);
    this.#online = online;
    this.#onGone = onGone;
  }

  /** @param {string} epoch of the roster that is being applied */
  enter(epoch) {
    if (this.#epoch !== null && this.#epoch !== epoch) {
      this.#quietUntil = this.#timers.now() + EPOCH_MS;
    }
    this.#epoch = epoch;
  }

  /** @param {string} peerId */
  missing(peerId) {
    const wait = Math.max(ABSENT_MS, this.#quietUntil - this.#timers.now());
    if (!this.#timers.has(peerId) || wait > ABSENT_MS) this.#wait(peerId, wait);
  }

  /** @param {string} peerId */
  present(peerId) {
    this.#timers.clear(peerId);
  }

  close() {
    this.#timers.close();
  }

  /** @param {string} peerId @param {number} ms */
  #wait(peerId, ms) {
    this.#timers.set(peerId, ms, () => {
      if (this.#online()) this.#onGone(peerId);
      else this.#wait(peerId, ABSENT_MS);
    });
  }
}
