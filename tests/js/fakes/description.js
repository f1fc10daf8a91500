/**
 * Session descriptions of the fake: real lines, only those that anybody reads.
 *
 * @typedef {object} Section
 * @property {string} kind audio, video or application
 * @property {string} mid
 * @property {RTCRtpTransceiverDirection} direction
 *
 * @typedef {object} Parsed
 * @property {string} origin
 * @property {string} ufrag
 * @property {Section[]} sections
 * @property {string[]} candidates
 */

/** @param {Parsed & { version: number }} description */
export function write({ origin, version, ufrag, sections, candidates }) {
  const lines = ['v=0', `o=- ${origin} ${version} IN IP4 127.0.0.1`, 's=-', 't=0 0'];
  sections.forEach(({ kind, mid, direction }, index) => {
    lines.push(`m=${kind} 9 UDP/TLS/RTP/SAVPF 0`, `a=mid:${mid}`, `a=ice-ufrag:${ufrag}`);
    if (kind !== 'application') lines.push(`a=${direction}`);
    if (index === 0) lines.push(...candidates.map((candidate) => `a=${candidate}`));
  });
  return `${lines.join('\r\n')}\r\n`;
}

/** @param {string} sdp @returns {Parsed} */
export function parse(sdp) {
  const [head = '', ...rest] = sdp.split(/^m=/m);
  const sections = rest.map((text) => ({
    kind: /^\w+/.exec(text)?.[0] ?? '',
    mid: /^a=mid:(\S+)/m.exec(text)?.[1] ?? '',
    direction: /** @type {RTCRtpTransceiverDirection} */ (
      /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(text)?.[1] ?? 'sendrecv'
    ),
  }));
  return {
    origin: /^o=\S+ (\d+)/m.exec(head)?.[1] ?? '',
    ufrag: /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '',
    sections,
    candidates: [...sdp.matchAll(/^a=(candidate:[^\r\n]+)/gm)].map((match) => match[1] ?? ''),
  };
}
