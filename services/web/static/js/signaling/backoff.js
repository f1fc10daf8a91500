/**
 * How long to wait before the next connection attempt, for as long as the page is open.
 *
 * The first attempt is immediate and the second nearly so, because most losses are
 * blips; from the third on a random part spreads a room full of clients over time
 * (2,000 sockets that come back at once need 6 s of one core).
 */

const DELAYS_MS = [0, 300, 1200, 2700, 4800, 7000];
const JITTER_MS = 1000;

/**
 * @param {number} attempt 0 for the first after a loss
 * @param {() => number} random in [0, 1)
 * @returns {number} milliseconds
 */
export function backoffMs(attempt, random) {
  const last = DELAYS_MS.length - 1;
  const base = DELAYS_MS[Math.min(Math.max(attempt, 0), last)] ?? 0;
  return attempt < 2 ? base : base + random() * JITTER_MS;
}
