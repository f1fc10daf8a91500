/**
 * Holds one state, changes it by a reducer, tells who listens. Nothing else.
 */

/**
 * @template S, A
 */
export class Store {
  #reduce;
  #state;
  /** @type {Set<(state: S) => void>} */
  #listeners = new Set();

  /**
   * @param {(state: S, action: A) => S} reduce
   * @param {S} initial
   */
  constructor(reduce, initial) {
    this.#reduce = reduce;
    this.#state = initial;
  }

  get state() {
    return this.#state;
  }

  /** @param {A} action */
  dispatch(action) {
    const next = this.#reduce(this.#state, action);
    if (next === this.#state) {
      return;
    }
    this.#state = next;
    for (const listener of this.#listeners) {
      listener(next);
    }
  }

  /**
   * @param {(state: S) => void} listener Called after each change.
   * @param {{ signal?: AbortSignal }} [options]
   */
  subscribe(listener, { signal } = {}) {
    this.#listeners.add(listener);
    signal?.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }
}
