/**
 * What a link reads in a session description, and the one thing that it writes there.
 */

/**
 * Which RTCPeerConnection wrote it: the sess-id of the origin line never changes during the
 * life of one and is random for each (RFC 8829 section 5.2.1).
 *
 * @param {string} sdp
 * @returns {string}
 */
export function originOf(sdp) {
  return /^o=\S+ (\d+) /m.exec(sdp)?.[1] ?? '';
}

/**
 * The ICE generations that it describes: candidates name the one they belong to.
 *
 * @param {string} sdp
 * @returns {Set<string>}
 */
export function ufragsOf(sdp) {
  return new Set([...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].map((match) => match[1] ?? ''));
}

/**
 * @param {string} sdp
 * @returns {RTCIceCandidateInit[]} the candidates written into it, with the mid of their section
 */
export function candidatesOf(sdp) {
  /** @type {RTCIceCandidateInit[]} */
  const found = [];
  let index = -1;
  for (const section of sdp.split(/^m=/m)) {
    const sdpMid = /^a=mid:(\S+)/m.exec(section)?.[1] ?? null;
    const usernameFragment = /^a=ice-ufrag:(\S+)/m.exec(section)?.[1] ?? null;
    for (const match of section.matchAll(/^a=(candidate:[^\r\n]+)/gm)) {
      found.push({ candidate: match[1] ?? '', sdpMid, sdpMLineIndex: index, usernameFragment });
    }
    index += 1;
  }
  return found;
}

/**
 * @param {RTCIceCandidateInit} candidate
 * @returns {string | null} the generation it belongs to; null where the browser does not say
 */
export function ufragOf({ usernameFragment, candidate }) {
  return usernameFragment || /\bufrag (\S+)/.exec(candidate ?? '')?.[1] || null;
}

/**
 * An offer that leaves no choice of the DTLS role.
 *
 * Who answers a later offer must keep its role (RFC 8842 section 5.5); Firefox always takes
 * `active` when it may choose, and Chromium refuses an answer that changes the role.
 *
 * @param {string} offer
 * @param {RTCPeerConnection} pc with the descriptions agreed on before
 * @returns {string}
 */
export function keepRole(offer, { currentLocalDescription, currentRemoteDescription }) {
  const isOurs = currentLocalDescription?.type === 'answer';
  const answer = isOurs ? currentLocalDescription : currentRemoteDescription;
  const answered = /^a=setup:(active|passive)/m.exec(answer?.sdp ?? '')?.[1];
  if (!answered) return offer;
  const role = isOurs === (answered === 'active') ? 'active' : 'passive';
  return offer.replaceAll(/^a=setup:actpass/gm, `a=setup:${role}`);
}
