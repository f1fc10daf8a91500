/**
 * Numbers of one link from two `getStats()` reports: round trip, loss, rates, the picture
 * that comes in, the limits of the encoder. Pure; the sampling is the link's.
 */

import { pathOf, selectedPair } from './path.js';

/**
 * @typedef {object} Sample
 * @property {number} at milliseconds
 * @property {import("./path.js").Path | null} path
 * @property {number | null} rttMs
 * @property {number} received packets of media
 * @property {number} lost packets of media
 * @property {number} alive grows whenever anything arrives on the path, STUN included
 * @property {number | null} uplinkBps what the browser believes it could send
 * @property {number} uplinkLoss share of what we send that the other side misses, 0 to 1
 * @property {boolean} cpuLimited
 * @property {"bandwidth" | "cpu" | "other" | null} limitation of our pictures
 * @property {number | null} jitterMs of the voice that comes in
 * @property {number} inBytes
 * @property {number} outBytes
 * @property {Picture | null} picture the largest that comes in
 * @property {Map<string, number>} flows by mid: packets of sound, decoded frames of pictures
 */

/** @typedef {{ width: number, height: number, fps: number | null, codec: string | null }} Picture */

/**
 * @param {RTCStatsReport} report
 * @param {number} at milliseconds
 * @returns {Sample}
 */
export function sampleOf(report, at = 0) {
  const pair = selectedPair(report);
  /** @type {Sample} */
  const sample = {
    at,
    path: pathOf(report),
    rttMs: seconds(pair?.currentRoundTripTime),
    received: 0,
    lost: 0,
    alive:
      (pair?.bytesReceived ?? 0) + (pair?.responsesReceived ?? 0) + (pair?.requestsReceived ?? 0),
    uplinkBps: pair?.availableOutgoingBitrate ?? null,
    uplinkLoss: 0,
    cpuLimited: false,
    limitation: null,
    jitterMs: null,
    inBytes: 0,
    outBytes: 0,
    picture: null,
    flows: new Map(),
  };
  for (const stats of report.values()) {
    if (stats.type === 'inbound-rtp') addInbound(sample, stats, report);
    else if (stats.type === 'outbound-rtp') addOutbound(sample, stats);
    else if (stats.type === 'remote-inbound-rtp') {
      sample.uplinkLoss = Math.max(sample.uplinkLoss, stats.fractionLost ?? 0);
    }
  }
  return sample;
}

/** @param {Sample} sample @param {any} stats @param {RTCStatsReport} report */
function addInbound(sample, stats, report) {
  sample.received += stats.packetsReceived ?? 0;
  sample.lost += Math.max(0, stats.packetsLost ?? 0);
  sample.inBytes += stats.bytesReceived ?? 0;
  const video = stats.kind === 'video';
  const progress = (video ? stats.framesDecoded : stats.packetsReceived) ?? 0;
  if (typeof stats.mid === 'string') sample.flows.set(stats.mid, progress);
  if (!video) {
    const jitter = seconds(stats.jitter);
    if (jitter !== null) sample.jitterMs = Math.max(sample.jitterMs ?? 0, jitter);
    return;
  }
  const { frameWidth: width = 0, frameHeight: height = 0 } = stats;
  if (width * height <= (sample.picture ? sample.picture.width * sample.picture.height : 0)) return;
  sample.picture = {
    width,
    height,
    fps: stats.framesPerSecond ?? null,
    codec: report.get(stats.codecId)?.mimeType?.split('/')[1] ?? null,
  };
}

/** @param {Sample} sample @param {any} stats */
function addOutbound(sample, stats) {
  sample.outBytes += stats.bytesSent ?? 0;
  const reason = stats.qualityLimitationReason;
  if (reason === 'cpu') sample.cpuLimited = true;
  if (stats.active === false || !reason || reason === 'none') return;
  if (sample.limitation !== 'bandwidth') sample.limitation = reason;
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

/**
 * @param {Sample | null} before
 * @param {Sample} after
 * @param {"inBytes" | "outBytes"} which
 * @returns {number | null} bits per second; null: another connection, or none before
 */
export function rateBetween(before, after, which) {
  const elapsed = after.at - (before?.at ?? after.at);
  const bytes = after[which] - (before?.[which] ?? 0);
  return elapsed <= 0 || bytes < 0 ? null : Math.round((bytes * 8000) / elapsed);
}

/** @param {number | undefined} value */
function seconds(value) {
  return typeof value === 'number' ? value * 1000 : null;
}
