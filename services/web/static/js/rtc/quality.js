/**
 * How good a link is, in one word: the only judgement of it, for every place that shows one.
 *
 * The bounds are those at which talk suffers (ITU-T G.114 for delay; concealment of lost
 * sound is heard from about 3 %). A number near a bound crosses it at every sample, so a
 * level is left only well inside the next one, and only for something that lasts.
 */

const BOUNDS = {
  fair: { rttMs: 300, loss: 0.03, jitterMs: 40 },
  poor: { rttMs: 600, loss: 0.1, jitterMs: 120 },
};
/** A level once entered is left below this share of its bounds. */
const LEAVE = 0.7;
/** More than one sample: a single one says nothing. */
const WORSE_MS = 2_000;
const BETTER_MS = 6_000;
const RANK = { good: 0, fair: 1, poor: 2 };

/** @typedef {"good" | "fair" | "poor"} Level */
/** @typedef {Level | "lost"} Quality */

/**
 * @typedef {object} Measured
 * @property {string} state
 * @property {number | null} rttMs
 * @property {number | null} loss
 * @property {number | null} jitterMs
 * @property {string | null} action what is done about pictures that are sent; null: nothing,
 *   or none is sent
 */

export class QualityJudge {
  /** @type {Quality | null} null: nothing is known yet */
  quality = null;
  /** @type {{ level: Level, since: number } | null} */
  #coming = null;

  /** @param {Measured} measured @param {number} now milliseconds */
  observe(measured, now) {
    const { state, rttMs, loss } = measured;
    if (state === 'reconnecting' || state === 'failed') this.#settle('lost');
    else if (state !== 'connected') this.#settle(null);
    else if (rttMs !== null || loss !== null) this.#weigh(measured, now);
    else if (this.quality === 'lost') this.#settle(null);
  }

  /** @param {Measured} measured @param {number} now */
  #weigh(measured, now) {
    if (this.quality === null || this.quality === 'lost') this.#settle('good');
    const held = /** @type {Level} */ (this.quality);
    const level = levelOf(measured, held);
    if (level === held) {
      this.#coming = null;
      return;
    }
    const worse = RANK[level] > RANK[held];
    const before = this.#coming;
    if (before && RANK[before.level] > RANK[held] === worse) {
      // On the way in the same direction the wait goes on, to where it led all the time.
      const nearer = worse === RANK[level] < RANK[before.level];
      this.#coming = { level: nearer ? level : before.level, since: before.since };
    } else {
      this.#coming = { level, since: now };
    }
    const { level: reached, since } = this.#coming;
    if (now - since >= (worse ? WORSE_MS : BETTER_MS)) this.#settle(reached);
  }

  /** @param {Quality | null} quality */
  #settle(quality) {
    this.quality = quality;
    this.#coming = null;
  }
}

/** @param {Measured} measured @param {Level} held @returns {Level} */
function levelOf({ rttMs, loss, jitterMs, action }, held) {
  const beyond = (/** @type {"fair" | "poor"} */ level) => {
    const { rttMs: rtt, loss: lost, jitterMs: jitter } = BOUNDS[level];
    const share = RANK[held] >= RANK[level] ? LEAVE : 1;
    return (
      (rttMs ?? 0) >= rtt * share ||
      (loss ?? 0) >= lost * share ||
      (jitterMs ?? 0) >= jitter * share
    );
  };
  if (action === 'audio-only' || beyond('poor')) return 'poor';
  return action === 'less-video' || beyond('fair') ? 'fair' : 'good';
}
