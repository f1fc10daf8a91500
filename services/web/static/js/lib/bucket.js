/**
 * Token bucket: `burst` at once, then `perSecond`. Pure but for the clock handed in.
 */
export class Bucket {
  #burst;
  #perSecond;
  #now;
  #tokens;
  #at;

  /** @param {{ burst: number, perSecond: number, now: () => number }} options `now` in milliseconds */
  constructor({ burst, perSecond, now }) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
    this.#tokens = burst;
    this.#at = now();
  }

  /** @returns {boolean} whether there was a token; it is taken then */
  take() {
    this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** @returns {number} whole milliseconds until there is a token; 0: there is one */
  get waitMs() {
    this.#fill();
    return this.#tokens < 1 ? Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000) : 0;
  }

  #fill() {
    const now = this.#now();
    this.#tokens = Math.min(
      this.#burst,
      this.#tokens + ((now - this.#at) / 1000) * this.#perSecond,
    );
    this.#at = now;
  }
}
