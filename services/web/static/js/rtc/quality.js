/**
 * How good a link is, in one word: pure. The bounds are those at which talk suffers (ITU-T
 * G.114 for delay; concealment of lost sound is heard from about 3 %).
 */

const FAIR = { rttMs: 300, loss: 0.03, jitterMs: 40 };
const POOR = { rttMs: 600, loss: 0.1, jitterMs: 120 };

/** @typedef {"good" | "fair" | "poor" | "lost"} Quality */

/**
 * @param {{ state: string, rttMs: number | null, loss: number | null, jitterMs: number | null,
 *   action: string | null }} link
 * @returns {Quality | null} null: nothing is known yet
 */
export function qualityOf({ state, rttMs, loss, jitterMs, action }) {
  if (state === 'reconnecting' || state === 'failed') return 'lost';
  if (state !== 'connected' || (rttMs === null && loss === null)) return null;
  const worse = (/** @type {typeof FAIR} */ bounds) =>
    (rttMs ?? 0) >= bounds.rttMs ||
    (loss ?? 0) >= bounds.loss ||
    (jitterMs ?? 0) >= bounds.jitterMs;
  if (action === 'audio-only' || worse(POOR)) return 'poor';
  return action === 'less-video' || worse(FAIR) ? 'fair' : 'good';
}
