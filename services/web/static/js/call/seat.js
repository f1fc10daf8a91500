/**
 * Keeps this tab's seat over a reload, and gives a duplicated tab none.
 *
 * sessionStorage is copied when a tab is duplicated, so a token found there proves
 * nothing; a Web Lock of the token's name does: the tab that holds it is the seat's.
 */

/** A reloaded page may start before the old one has let go of the lock. */
const PATIENCE_MS = 500;

/** @typedef {{ id: string, token: string | null }} Kept */

export class SeatKeeper {
  #storage;
  #locks;
  #key;
  #reloaded;
  #newId;
  /** @type {Kept | null} */
  #kept = null;
  /** @type {(() => void) | null} */
  #release = null;

  /**
   * @param {object} options
   * @param {string} options.slug
   * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} options.storage
   * @param {Pick<LockManager, 'request'> | undefined} options.locks Undefined on insecure pages.
   * @param {boolean} options.reloaded Decides where there are no locks.
   * @param {() => string} [options.newId]
   */
  constructor({ slug, storage, locks, reloaded, newId = () => crypto.randomUUID() }) {
    this.#key = `traverse:seat:${slug}`;
    this.#storage = storage;
    this.#locks = locks;
    this.#reloaded = reloaded;
    this.#newId = newId;
  }

  /**
   * @returns {Promise<string | null>} The seat token of this tab, if it has one.
   */
  async claim() {
    const stored = this.#read();
    if (stored !== null && (await this.#hold(stored.id, PATIENCE_MS))) {
      this.#kept = stored;
      return stored.token;
    }
    this.#kept = { id: this.#newId(), token: null };
    await this.#hold(this.#kept.id, PATIENCE_MS);
    this.#write();
    return null;
  }

  /** @param {string | null} token */
  keep(token) {
    if (this.#kept !== null && token !== null && token !== this.#kept.token) {
      this.#kept = { ...this.#kept, token };
      this.#write();
    }
  }

  /** The seat was given up: the next page takes a new one. */
  forget() {
    if (this.#kept !== null) {
      this.#kept = { ...this.#kept, token: null };
    }
    try {
      this.#storage.removeItem(this.#key);
    } catch {
      // Forbidden storage kept nothing.
    }
  }

  close() {
    this.#release?.();
    this.#release = null;
  }

  /** @returns {Kept | null} */
  #read() {
    try {
      const raw = JSON.parse(this.#storage.getItem(this.#key) ?? 'null');
      const sound = typeof raw?.id === 'string' && typeof raw?.token === 'string';
      return sound ? { id: raw.id, token: raw.token } : null;
    } catch {
      return null;
    }
  }

  #write() {
    try {
      this.#storage.setItem(this.#key, JSON.stringify(this.#kept));
    } catch {
      // Storage is full or forbidden: a reload then takes a new seat, nothing else breaks.
    }
  }

  /**
   * @param {string} id
   * @param {number} patienceMs
   * @returns {Promise<boolean>} False: another tab holds the seat.
   */
  #hold(id, patienceMs) {
    const locks = this.#locks;
    if (locks === undefined) {
      return Promise.resolve(this.#reloaded);
    }
    return new Promise((resolve) => {
      const held = () => {
        resolve(true);
        return new Promise((release) => {
          this.#release = () => release(undefined);
        });
      };
      const signal = AbortSignal.timeout(patienceMs);
      locks.request(`traverse:seat:${id}`, { signal }, held).catch(() => resolve(false));
    });
  }
}
