/**
 * How often another browser may speak over a data channel, by class of message.
 *
 * Generous for every honest call (a restart is one description and a few batches), far
 * below what it takes to keep this page busy. Over the limit a frame is dropped; who goes
 * on loses the channel and is left to the server's own limits.
 */

import { Bucket } from '../lib/bucket.js';
import { LINK_RATES } from './limits.js';

const TOLERATED = { burst: 100, perSecond: 5 };

export class LinkRates {
  /** @type {Map<string, Bucket>} */
  #buckets = new Map();
  #tolerated;

  /** @param {() => number} now milliseconds */
  constructor(now) {
    for (const [type, rate] of Object.entries(LINK_RATES)) {
      this.#buckets.set(type, new Bucket({ ...rate, now }));
    }
    this.#tolerated = new Bucket({ ...TOLERATED, now });
  }

  /**
   * @param {string} type of a valid frame
   * @returns {boolean}
   */
  allows(type) {
    return this.#buckets.get(type)?.take() ?? false;
  }

  /** @returns {boolean} whether one more refused frame (malformed or too frequent) is borne */
  tolerates() {
    return this.#tolerated.take();
  }
}
