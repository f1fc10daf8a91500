/**
 * Does what the other side says it sends arrive, and can it be decoded?
 *
 * A connection can be up, with every channel answering, and carry no picture: its sender
 * may believe for a long time after an outage that nothing can be sent. Only a new
 * connection is sure to end that. It interrupts the voice for a moment, so each next one is
 * longer in coming, until something arrives.
 */

const PATIENCE_MS = [6_000, 30_000, 120_000];

/** @typedef {import("./slots.js").Source} Source */

export class Watchdog {
  /** @type {Map<Source, { value: number, since: number }>} */
  #seen = new Map();
  #bites = 0;

  /**
   * @param {ReadonlyMap<Source, number>} flows what each has brought so far; only those that
   *   are to be expected
   * @param {number} now milliseconds
   * @returns {boolean} whether one of them has stood still for too long
   */
  observe(flows, now) {
    const patience = PATIENCE_MS[this.#bites] ?? Number.POSITIVE_INFINITY;
    let stalled = false;
    for (const source of this.#seen.keys()) if (!flows.has(source)) this.#seen.delete(source);
    for (const [source, value] of flows) {
      const seen = this.#seen.get(source);
      if (!seen || seen.value !== value) this.#seen.set(source, { value, since: now });
      else if (now - seen.since >= patience) stalled = true;
    }
    const flowing = [...flows].every(([source, value]) => value > 0 && this.#moves(source, now));
    if (flows.size > 0 && flowing) this.#bites = 0;
    if (!stalled) return false;
    this.#bites += 1;
    this.#seen.clear();
    return true;
  }

  /** Nothing can arrive at present: the time does not count. */
  rest() {
    this.#seen.clear();
  }

  /** @param {Source} source @param {number} now */
  #moves(source, now) {
    return this.#seen.get(source)?.since === now;
  }
}
