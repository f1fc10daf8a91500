/**
 * How often another browser may speak over a data channel, by class of message.
 *
 * Generous for every honest call (a restart is one description and a few batches), far
 * below what it takes to keep this page busy. Over the limit a frame is dropped; who goes
 * on loses the channel and is left to the server's own limits.
 */

import { Bucket } from '../lib/bucket.js';

/** @type {Record<string, { burst: number, perSecond: number }>} */
const RATES = {
  'peer.description': { burst: 20, perSecond: 2 },
  'peer.candidates': { burst: 60, perSecond: 20 },
  'chat.message': { burst: 20, perSecond: 4 },
  'peer.presence': { burst: 20, perSecond: 5 },
  'peer.pictures': { burst: 20, perSecond: 5 },
  ping: { burst: 10, perSecond: 4 },
  pong: { burst: 10, perSecond: 4 },
};
const TOLERATED = { burst: 100, perSecond: 5 };

export class LinkRates {
  /** @type {Map<string, Bucket>} */
  #buckets = new Map();
  #tolerated;

  /** @param {() => number} now milliseconds */
  constructor(now) {
    for (const [type, rate] of Object.entries(RATES)) {
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
