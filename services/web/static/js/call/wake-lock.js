/**
 * Keeps the screen on during a call. Browsers drop the lock whenever the page is hidden,
 * and refuse it on a low battery: it is asked for again when the page is seen again, and
 * done without where it is refused.
 *
 * @typedef {{ release: () => Promise<void>, addEventListener: EventTarget['addEventListener'] }} Sentinel
 */

export class ScreenLock {
  #wakeLock;
  #document;
  #abort = new AbortController();
  #wanted = false;
  #asking = false;
  /** @type {Sentinel | null} */
  #held = null;

  /**
   * @param {object} options
   * @param {{ request: (type: 'screen') => Promise<Sentinel> } | undefined} options.wakeLock
   *   `navigator.wakeLock`, where there is one.
   * @param {EventTarget & { visibilityState: string }} options.document
   */
  constructor({ wakeLock, document }) {
    this.#wakeLock = wakeLock;
    this.#document = document;
    const { signal } = this.#abort;
    document.addEventListener('visibilitychange', () => void this.#settle(), { signal });
  }

  /** @param {boolean} wanted */
  set(wanted) {
    if (wanted !== this.#wanted) {
      this.#wanted = wanted;
      void this.#settle();
    }
  }

  get held() {
    return this.#held !== null;
  }

  close() {
    this.set(false);
    this.#abort.abort();
  }

  async #settle() {
    if (!this.#wanted) {
      const held = this.#held;
      this.#held = null;
      await held?.release().catch(() => {});
    } else if (this.#held === null && !this.#asking) {
      await this.#request();
    }
  }

  async #request() {
    if (this.#wakeLock === undefined || this.#document.visibilityState !== 'visible') {
      return;
    }
    this.#asking = true;
    try {
      const sentinel = await this.#wakeLock.request('screen');
      sentinel.addEventListener('release', () => {
        if (this.#held === sentinel) {
          this.#held = null;
        }
      });
      this.#held = sentinel;
    } catch {
      // Refused, by the battery or by a policy: the call does not depend on it.
    } finally {
      this.#asking = false;
    }
    if (!this.#wanted) {
      await this.#settle();
    }
  }
}
