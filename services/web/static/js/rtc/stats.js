/**
 * Numbers of one link from two `getStats()` reports: round trip, loss, bytes, the limits of
 * the encoder. Pure; the sampling is the link's.
 */

import { pathOf, selectedPair } from './path.js';

/**
 * @typedef {object} Sample
 * @property {import("./path.js").Path | null} path
 * @property {number | null} rttMs
 * @property {number} received packets of media
 * @property {number} lost packets of media
 * @property {number} alive grows whenever anything arrives on the path, STUN included
 * @property {number | null} uplinkBps what the browser believes it could send
 * @property {boolean} cpuLimited
 */

/**
 * @param {RTCStatsReport} report
 * @returns {Sample}
 */
export function sampleOf(report) {
  const pair = selectedPair(report);
  /** @type {Sample} */
  const sample = {
    path: pathOf(report),
    rttMs: seconds(pair?.currentRoundTripTime),
    received: 0,
    lost: 0,
    alive:
      (pair?.bytesReceived ?? 0) + (pair?.responsesReceived ?? 0) + (pair?.requestsReceived ?? 0),
    uplinkBps: pair?.availableOutgoingBitrate ?? null,
    cpuLimited: false,
  };
  for (const stats of report.values()) {
    if (stats.type === 'inbound-rtp') {
      sample.received += stats.packetsReceived ?? 0;
      sample.lost += Math.max(0, stats.packetsLost ?? 0);
    } else if (stats.type === 'outbound-rtp' && stats.qualityLimitationReason === 'cpu') {
      sample.cpuLimited = true;
    }
  }
  return sample;
}

/**
 * @param {Sample | null} before
 * @param {Sample} after
 * @returns {number | null} share of packets lost on the way here, 0 to 1; null: none came
 */
export function lossBetween(before, after) {
  const received = after.received - (before?.received ?? 0);
  const lost = after.lost - (before?.lost ?? 0);
  if (received < 0 || received + lost <= 0) return null;
  return Math.min(1, Math.max(0, lost / (received + lost)));
}

/** @param {number | undefined} value */
function seconds(value) {
  return typeof value === 'number' ? value * 1000 : null;
}
