/**
 * Says which messages take long to leave this page. Most leave at once, so that saying it
 * of each would only flicker.
 *
 * @typedef {import('./devices.js').CallStore} CallStore
 */

import { TimerScope } from '../lib/timers.js';

/** What a person takes for "at once" ends about here. */
export const SLOW_MS = 1_200;

export class Outgoing {
  #store;
  #timers;
  /** @type {Map<string, number>} Since when each waits. */
  #since = new Map();
  #shown = '';

  /**
   * @param {object} options
   * @param {CallStore} options.store
   * @param {import('../lib/timers.js').Timers} options.timers
   */
  constructor({ store, timers }) {
    this.#store = store;
    this.#timers = new TimerScope(timers);
  }

  /** How many messages wait. */
  get size() {
    return this.#since.size;
  }

  /** @param {readonly string[]} messageIds All that wait now. */
  waiting(messageIds) {
    const now = this.#timers.now();
    this.#since = new Map(messageIds.map((id) => [id, this.#since.get(id) ?? now]));
    this.#tell();
  }

  /** Nobody is waited for any more. */
  close() {
    this.waiting([]);
    this.#timers.close();
  }

  #tell() {
    const now = this.#timers.now();
    const slow = [...this.#since].filter(([, since]) => now - since >= SLOW_MS).map(([id]) => id);
    if (slow.join() !== this.#shown) {
      this.#shown = slow.join();
      this.#store.dispatch({ type: 'chat.sending', messageIds: slow });
    }
    const next = [...this.#since.values()].find((since) => now - since < SLOW_MS);
    this.#timers.clear('slow');
    if (next !== undefined) {
      this.#timers.set('slow', SLOW_MS - (now - next), () => this.#tell());
    }
  }
}
