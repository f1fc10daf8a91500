/**
 * The four media sections of every link, always in this order, and what is in ours.
 *
 * All four are negotiated once, both ways, with nothing in them; a track comes and goes by
 * `replaceTrack`, so that sharing a screen costs no round trip. Whoever makes the first
 * offer creates the transceivers. Whoever answers must NOT: a remote offer is never matched
 * to transceivers of `addTransceiver` (RFC 8829 section 5.10), it would bring four more.
 */

import { preferCodecs } from './codecs.js';

/** @typedef {"audio" | "camera" | "screen" | "screenAudio"} Source */
/** @typedef {Record<Source, MediaStreamTrack | null>} Tracks */

export const SOURCES = /** @type {const} */ (['audio', 'camera', 'screen', 'screenAudio']);

/** @type {Record<Source, "audio" | "video">} */
const KIND = { audio: 'audio', camera: 'video', screen: 'video', screenAudio: 'audio' };

/** @returns {Tracks} */
export function noTracks() {
  return { audio: null, camera: null, screen: null, screenAudio: null };
}

/** Streams tell the other browser what to keep in step: the voice with the face. */
export class Streams {
  /** @param {() => MediaStream} create */
  constructor(create) {
    this.face = create();
    this.display = create();
  }

  /** @param {Source} source */
  of(source) {
    return source === 'audio' || source === 'camera' ? this.face : this.display;
  }
}

/**
 * The offerer's side, before its first offer.
 *
 * @param {RTCPeerConnection} pc
 * @param {Tracks} tracks
 * @param {Streams} streams
 */
export function addSlots(pc, tracks, streams) {
  for (const source of SOURCES) {
    const transceiver = pc.addTransceiver(tracks[source] ?? KIND[source], {
      direction: 'sendrecv',
      streams: [streams.of(source)],
    });
    preferCodecs(transceiver, KIND[source]);
  }
}

/**
 * The answerer's side, between the remote offer and the answer.
 *
 * @param {RTCPeerConnection} pc
 * @param {Tracks} tracks
 * @param {Streams} streams
 */
export function adoptSlots(pc, tracks, streams) {
  for (const [source, transceiver] of slotsOf(pc)) {
    if (transceiver.direction === 'sendrecv') continue;
    transceiver.direction = 'sendrecv';
    transceiver.sender.setStreams?.(streams.of(source));
    if (tracks[source]) put(transceiver.sender, tracks[source]);
  }
}

/**
 * @param {RTCPeerConnection} pc
 * @param {Tracks} tracks
 */
export function fillSlots(pc, tracks) {
  for (const [source, { sender }] of slotsOf(pc)) {
    if (sender.track !== tracks[source]) put(sender, tracks[source]);
  }
}

/**
 * @param {RTCPeerConnection} pc
 * @returns {[Source, RTCRtpTransceiver][]} in the order of the media sections
 */
export function slotsOf(pc) {
  const transceivers = pc.getTransceivers();
  return SOURCES.flatMap((source, index) => {
    const transceiver = transceivers[index];
    return transceiver?.receiver.track.kind === KIND[source]
      ? [/** @type {[Source, RTCRtpTransceiver]} */ ([source, transceiver])]
      : [];
  });
}

/**
 * @param {RTCRtpSender} sender
 * @param {MediaStreamTrack | null} track
 */
function put(sender, track) {
  // It fails only when the connection closed meanwhile: then nothing is to be sent.
  sender.replaceTrack(track).catch(() => {});
}
