/**
 * Which codecs a link offers: one variant of each, in the browser's own order.
 *
 * A browser lists every profile of every codec in each section, 12 kB for our four; every
 * byte of it is parsed three times before a frame can be shown. Those that both sides have
 * anyway stay: VP8 and constrained baseline H.264 are mandatory (RFC 7742), Opus is (RFC
 * 7874). Retransmission and redundancy stay.
 */

const UNUSED = new Set([
  'audio/g722',
  'audio/pcmu',
  'audio/pcma',
  'audio/cn',
  'audio/telephone-event',
  'video/h265',
]);
/** What marks a variant that not everybody has. @type {Record<string, RegExp>} */
const RARE = {
  'video/h264': /packetization-mode=0|profile-level-id=(?!42e0)/i,
  'video/vp9': /profile-id=[1-9]/,
  'video/av1': /profile=[1-9]/,
};

/**
 * @param {readonly RTCRtpCodec[]} codecs in the order of preference
 * @returns {RTCRtpCodec[]}
 */
export function leanCodecs(codecs) {
  return codecs.filter(({ mimeType, sdpFmtpLine = '' }) => {
    const type = mimeType.toLowerCase();
    return !UNUSED.has(type) && !RARE[type]?.test(sdpFmtpLine);
  });
}

/** @type {Map<string, RTCRtpCodec[]>} */
const known = new Map();

/**
 * @param {RTCRtpTransceiver} transceiver
 * @param {"audio" | "video"} kind
 */
export function preferCodecs(transceiver, kind) {
  if (!transceiver.setCodecPreferences) return;
  let codecs = known.get(kind);
  if (!codecs) {
    codecs = leanCodecs(RTCRtpReceiver.getCapabilities?.(kind)?.codecs ?? []);
    known.set(kind, codecs);
  }
  if (codecs.length === 0) return;
  try {
    transceiver.setCodecPreferences(codecs);
  } catch {
    // A browser that lists what it does not take: then its own list stands.
    known.set(kind, []);
  }
}
