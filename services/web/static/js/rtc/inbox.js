/**
 * Which frames of one link are new. The same frame may come over the data channel and over
 * the server, in any order, so the highest `seq` alone cannot tell.
 */

const WINDOW = 1024;

export class Inbox {
  #highest = -1;
  /** @type {Set<number>} */
  #seen = new Set();

  /**
   * @param {number} seq
   * @returns {boolean} true the first time; false for a duplicate and for what is too old to tell
   */
  accept(seq) {
    if (seq <= this.#highest - WINDOW || this.#seen.has(seq)) return false;
    this.#seen.add(seq);
    if (seq > this.#highest) {
      this.#highest = seq;
      if (this.#seen.size > WINDOW) {
        for (const old of this.#seen) if (old <= seq - WINDOW) this.#seen.delete(old);
      }
    }
    return true;
  }
}
