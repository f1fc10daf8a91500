/**
 * The chat of one link on its way out: in order, and no faster than the other end takes it.
 *
 * A browser drops what exceeds its rate without a word, and the server ends a flood, so each
 * way has its pace, well below both doors. What must wait, waits here; nothing is dropped
 * while the link exists.
 *
 * @typedef {import('./transport.js').Frame} Frame
 * @typedef {import('../lib/bucket.js').Bucket} Bucket
 */

import { TimerScope } from '../lib/timers.js';

export class ChatLane {
  #timers;
  #pace;
  #send;
  #onPassed;
  #onReturned;
  /** @type {Frame[]} */
  #queue = [];

  /**
   * @param {object} options
   * @param {import('../lib/timers.js').Timers} options.timers
   * @param {() => Bucket} options.pace of the way that a frame would take now
   * @param {(frame: Frame) => boolean} options.send false: there is no way now
   * @param {(frame: Frame) => void} options.onPassed it left this page, or never will
   * @param {(frame: Frame) => void} options.onReturned it left, and must leave once more
   */
  constructor({ timers, pace, send, onPassed, onReturned }) {
    this.#timers = new TimerScope(timers);
    this.#pace = pace;
    this.#send = send;
    this.#onPassed = onPassed;
    this.#onReturned = onReturned;
  }

  /** @param {Frame} frame */
  post(frame) {
    this.#queue.push(frame);
    this.flush();
  }

  /** Sent, but on a way that turned out dead. @param {Frame[]} frames */
  again(frames) {
    this.#queue.unshift(...frames);
    for (const frame of frames) this.#onReturned(frame);
    this.flush();
  }

  /** Some way may have opened. */
  flush() {
    this.#timers.clear('pace');
    for (let frame = this.#queue[0]; frame; frame = this.#queue[0]) {
      const pace = this.#pace();
      if (pace.waitMs > 0) {
        this.#timers.set('pace', pace.waitMs, () => this.flush());
        return;
      }
      if (!this.#send(frame)) return;
      pace.take();
      this.#queue.shift();
      this.#onPassed(frame);
    }
  }

  close() {
    this.#timers.close();
    for (const frame of this.#queue.splice(0)) this.#onPassed(frame);
  }
}
