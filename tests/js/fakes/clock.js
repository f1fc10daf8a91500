/** A clock that moves only when told to, and counts what is still set on it. */
export class FakeClock {
  #now = 0;
  #next = 1;
  /** @type {Map<number, { at: number, callback: () => void }>} */
  #pending = new Map();

  now = () => this.#now;

  /** @type {(callback: () => void, ms: number) => number} */
  set = (callback, ms) => {
    const id = this.#next++;
    this.#pending.set(id, { at: this.#now + Math.max(0, ms), callback });
    return id;
  };

  /** @type {(id: any) => void} */
  clear = (id) => {
    this.#pending.delete(id);
  };

  get pending() {
    return this.#pending.size;
  }

  /** Let everything that waits for promises only go on. */
  async settle() {
    for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
  }

  /**
   * @param {number} ms
   * @param {{ onlyAt?: number }} [options] onlyAt: a throttled page runs its timers this often
   */
  async advance(ms, { onlyAt = 0 } = {}) {
    const end = this.#now + ms;
    await this.settle();
    for (;;) {
      const due = this.#earliest();
      if (!due) break;
      const at = onlyAt ? Math.ceil(due.at / onlyAt) * onlyAt : due.at;
      if (at > end) break;
      this.#now = Math.max(this.#now, at);
      this.#pending.delete(due.id);
      due.callback();
      await this.settle();
    }
    this.#now = end;
  }

  #earliest() {
    let found = null;
    for (const [id, { at, callback }] of this.#pending) {
      if (!found || at < found.at) found = { id, at, callback };
    }
    return found;
  }
}
