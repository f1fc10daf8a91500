/**
 * How a link goes, read from `getStats()`.
 *
 * Chromium names the selected pair in the transport's statistics; Firefox marks the pair
 * itself with `selected`. Only kinds of candidates are read, never an address.
 */

/** @typedef {"host" | "srflx" | "relay/udp" | "relay/tcp" | "relay/tls"} Path */

/**
 * @param {RTCStatsReport} report
 * @returns {any | null} the candidate pair in use
 */
export function selectedPair(report) {
  /** @type {any[]} */
  const pairs = [];
  for (const stats of report.values()) {
    if (stats.type === 'transport' && stats.selectedCandidatePairId) {
      return report.get(stats.selectedCandidatePairId) ?? null;
    }
    if (stats.type === 'candidate-pair') pairs.push(stats);
  }
  return (
    pairs.find(({ selected }) => selected) ??
    pairs.find(({ nominated, state }) => nominated && state === 'succeeded') ??
    null
  );
}

/**
 * @param {RTCStatsReport} report
 * @returns {Path | null} null: no pair is in use
 */
export function pathOf(report) {
  const pair = selectedPair(report);
  const local = report.get(pair?.localCandidateId);
  const remote = report.get(pair?.remoteCandidateId);
  if (!local || !remote) return null;
  if (local.candidateType === 'relay') return `relay/${localRelay(local)}`;
  if (remote.candidateType === 'relay') return `relay/${remoteRelay(remote)}`;
  return local.candidateType === 'host' && remote.candidateType === 'host' ? 'host' : 'srflx';
}

/**
 * @param {any} candidate
 * @returns {"udp" | "tcp" | "tls"} between this browser and its relay
 */
function localRelay({ relayProtocol, url }) {
  if (relayProtocol === 'tcp' || relayProtocol === 'tls') return relayProtocol;
  if (relayProtocol === 'udp') return 'udp';
  if (/^turns:/.test(url ?? '')) return 'tls';
  return /transport=tcp/.test(url ?? '') ? 'tcp' : 'udp';
}

/**
 * The other side's relay protocol is not signalled, but both engines rank relays by it in the
 * type preference, the top byte of the priority (RFC 8445 section 5.1.2): UDP above TCP above
 * TLS in Chromium (2 or 3, 1, 0), UDP 5 and the others 0 in Firefox.
 *
 * @param {any} candidate
 * @returns {"udp" | "tcp" | "tls"}
 */
function remoteRelay({ priority }) {
  const preference = typeof priority === 'number' ? priority >>> 24 : 2;
  return preference >= 2 ? 'udp' : preference === 1 ? 'tcp' : 'tls';
}
