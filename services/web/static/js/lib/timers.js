/**
 * The clock as a value, so that every wait in signaling/ and rtc/ can be driven by a test.
 *
 * `now` is monotonic milliseconds: a wall clock that jumps must neither end a grace nor
 * restart a link.
 *
 * @typedef {object} Timers
 * @property {() => number} now monotonic milliseconds
 * @property {(callback: () => void, ms: number) => unknown} set
 * @property {(handle: any) => void} clear
 */

/** @type {Timers} */
export const systemTimers = {
  now: () => performance.now(),
  set: (callback, ms) => setTimeout(callback, ms),
  clear: (handle) => clearTimeout(handle),
};

/**
 * The named timers of one object: setting a name again replaces it, `close` ends them all.
 */
export class TimerScope {
  #timers;
  /** @type {Map<string, unknown>} */
  #handles = new Map();
  #closed = false;

  /** @param {Timers} timers */
  constructor(timers) {
    this.#timers = timers;
  }

  now() {
    return this.#timers.now();
  }

  /**
   * @param {string} name
   * @param {number} ms
   * @param {() => void} callback
   */
  set(name, ms, callback) {
    this.clear(name);
    if (this.#closed) return;
    const handle = this.#timers.set(() => {
      this.#handles.delete(name);
      callback();
    }, ms);
    this.#handles.set(name, handle);
  }

  /** @param {string} name */
  has(name) {
    return this.#handles.has(name);
  }

  /** @param {string} name */
  clear(name) {
    const handle = this.#handles.get(name);
    if (handle === undefined) return;
    this.#handles.delete(name);
    this.#timers.clear(handle);
  }

  close() {
    this.#closed = true;
    for (const name of [...this.#handles.keys()]) this.clear(name);
  }
}
