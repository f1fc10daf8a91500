/**
 * The ICE servers of the call and how old they are.
 *
 * An expired credential does not end a relayed call, it only refuses the next allocation
 * (401), so both sides want a fresh one before a restart. Waits for it only briefly: with
 * signalling away the old one is better than nothing.
 */

import { TimerScope } from '../lib/timers.js';

const FRESH_MS = 5 * 60_000;
const WAIT_MS = 1_500;

export class IceSource {
  #timers;
  #onNeed;
  /** @type {RTCIceServer[]} */
  #servers = [];
  #since = 0;
  /** @type {{ promise: Promise<void>, resolve: () => void } | null} */
  #wanted = null;

  /**
   * @param {object} options
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {() => void} options.onNeed ask for new credentials
   */
  constructor({ timers, onNeed }) {
    this.#timers = new TimerScope(timers);
    this.#onNeed = onNeed;
  }

  get servers() {
    return this.#servers;
  }

  /** @param {{ urls: string | string[], username?: string | null, credential?: string | null }[]} servers */
  set(servers) {
    this.#servers = servers.map(({ urls, username, credential }) =>
      username && credential ? { urls, username, credential } : { urls },
    );
    this.#since = this.#timers.now();
    this.#settle();
  }

  stale() {
    const secret = this.#servers.some(({ credential }) => credential);
    return secret && this.#timers.now() - this.#since > FRESH_MS;
  }

  /** @returns {Promise<void>} when the servers are as fresh as they will be; never rejects */
  fresh() {
    if (!this.stale()) return Promise.resolve();
    if (!this.#wanted) {
      let resolve = () => {};
      const promise = /** @type {Promise<void>} */ (
        new Promise((settle) => {
          resolve = () => settle();
        })
      );
      this.#wanted = { promise, resolve };
      this.#timers.set('wait', WAIT_MS, () => this.#settle());
      this.#onNeed();
    }
    return this.#wanted.promise;
  }

  close() {
    this.#settle();
    this.#timers.close();
  }

  #settle() {
    this.#timers.clear('wait');
    const wanted = this.#wanted;
    this.#wanted = null;
    wanted?.resolve();
  }
}
