/**
 * Typed events without the DOM.
 *
 * A listener that throws stops neither the other listeners nor the emitter: a fault of
 * the page must not end a call. The fault is reported asynchronously, as the platform does.
 */

/**
 * @template {Record<string, any>} Events
 */
export class Emitter {
  /** @type {Map<keyof Events, Set<(payload: any) => void>>} */
  #listeners = new Map();

  /**
   * @template {keyof Events} K
   * @param {K} type
   * @param {(payload: Events[K]) => void} listener
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {() => void} takes the listener off again
   */
  on(type, listener, { signal } = {}) {
    const off = () => {
      this.#listeners.get(type)?.delete(listener);
      signal?.removeEventListener('abort', off);
    };
    if (signal?.aborted) return off;
    const set = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, set.add(listener));
    signal?.addEventListener('abort', off, { once: true });
    return off;
  }

  /**
   * @template {keyof Events} K
   * @param {K} type
   * @param {Events[K]} payload
   */
  emit(type, payload) {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) {
      try {
        listener(payload);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** How many listeners are on; tests count them. */
  get listenerCount() {
    let count = 0;
    for (const set of this.#listeners.values()) count += set.size;
    return count;
  }

  clear() {
    this.#listeners.clear();
  }
}
