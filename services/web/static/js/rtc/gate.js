/**
 * Delays what comes in while something has to be ready for it.
 *
 * Everything behind the first delayed frame waits too and passes in order, so that for the
 * negotiation it is no more than a slower network.
 */

const MAX_WAITING = 64;

export class Gate {
  #pass;
  /** @type {any[] | null} null: open */
  #waiting = null;

  /** @param {(frame: any) => void} pass */
  constructor(pass) {
    this.#pass = pass;
  }

  /**
   * @param {any} frame
   * @param {() => Promise<void> | null} obstacle what this frame must wait for; null: nothing
   */
  receive(frame, obstacle) {
    if (this.#waiting) {
      this.#waiting.push(frame);
      if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
      return;
    }
    const ready = obstacle();
    if (ready) void this.#hold(frame, ready);
    else this.#pass(frame);
  }

  /** @param {any} frame @param {Promise<void>} ready */
  async #hold(frame, ready) {
    const waiting = [frame];
    this.#waiting = waiting;
    await ready;
    this.#waiting = null;
    for (const held of waiting) this.#pass(held);
  }
}
