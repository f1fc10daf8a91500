/**
 * The door for frames of another browser: what came over a data channel becomes a typed
 * message here or is refused.
 *
 * The server checks what goes through it; on a data channel nobody but this page stands
 * between a stranger's program and our state. Same schema, sizes and strictness as
 * signaling/protocol/messages.py (`LinkMessage`), whose golden frames test both.
 */

import {
  CANDIDATE_BYTES,
  CANDIDATES_PER_FRAME,
  CHAT_BYTES,
  FRAME_BYTES,
  MAX_REVISION,
  SDP_BYTES,
} from './limits.js';

const REQUEST_ID = /^[A-Za-z0-9_-]{1,36}$/;
const encoder = new TextEncoder();

/** @typedef {import("./messages.d.ts").LinkMessage} LinkMessage */
/** @typedef {(value: unknown) => boolean} Check */

/** @type {Check} */
const isBoolean = (value) => typeof value === 'boolean';
/** @type {Check} */
const isCount = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
/** @type {Check} */
const isClock = (value) =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
/** @type {(min: number, max: number) => Check} */
const isText = (min, max) => (value) =>
  typeof value === 'string' && value.length >= min && codePoints(value, max);
/** @type {(check: Check) => Check} */
const optional = (check) => (value) => value === undefined || value === null || check(value);

/**
 * @param {string} text
 * @param {number} max code points, as Python counts them
 */
function codePoints(text, max) {
  if (text.length <= max) return true;
  if (text.length > 2 * max) return false;
  let count = 0;
  for (const _ of text) count += 1;
  return count <= max;
}

/** @type {Record<string, Check>} */
const CANDIDATE = {
  candidate: isText(0, CANDIDATE_BYTES),
  sdp_mid: optional(isText(0, 64)),
  sdp_m_line_index: optional((value) => isCount(value) && /** @type {number} */ (value) <= 255),
  username_fragment: optional(isText(0, 256)),
};

/** @type {Record<string, Record<string, Check>>} */
const MESSAGES = {
  'peer.description': {
    seq: isCount,
    kind: (value) => value === 'offer' || value === 'answer',
    sdp: isText(1, SDP_BYTES),
    answers: optional(isCount),
  },
  'peer.candidates': {
    seq: isCount,
    candidates: (value) =>
      Array.isArray(value) &&
      value.length >= 1 &&
      value.length <= CANDIDATES_PER_FRAME &&
      value.every((candidate) => matches(candidate, CANDIDATE)),
  },
  'chat.message': {
    seq: isCount,
    message_id: (value) => typeof value === 'string' && REQUEST_ID.test(value),
    text: isText(1, CHAT_BYTES),
  },
  'peer.presence': {
    seq: isCount,
    revision: (value) => isCount(value) && /** @type {number} */ (value) <= MAX_REVISION,
    audio: isBoolean,
    video: isBoolean,
    screen: isBoolean,
    hand: isBoolean,
  },
  'peer.pictures': {
    seq: isCount,
    camera_wanted: isBoolean,
    screen_wanted: isBoolean,
    camera_sent: isBoolean,
  },
  ping: { t: isClock },
  pong: { t: isClock },
};

/**
 * Exactly these fields, each as it must be.
 *
 * @param {unknown} value
 * @param {Record<string, Check>} shape
 * @returns {boolean}
 */
function matches(value, shape) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = /** @type {Record<string, unknown>} */ (value);
  return (
    Object.keys(fields).every((name) => Object.hasOwn(shape, name)) &&
    Object.entries(shape).every(([name, check]) => check(fields[name]))
  );
}

/**
 * @param {unknown} value
 * @returns {value is LinkMessage}
 */
export function isLinkMessage(value) {
  if (typeof value !== 'object' || value === null) return false;
  const { type, ...fields } = /** @type {Record<string, unknown>} */ (value);
  if (typeof type !== 'string' || !Object.hasOwn(MESSAGES, type)) return false;
  if (!matches(fields, MESSAGES[type] ?? {})) return false;
  const { kind, answers } = fields;
  return type !== 'peer.description' || (kind === 'answer') === (answers != null);
}

/**
 * @param {unknown} data of a data channel
 * @returns {LinkMessage | null} null: refused
 */
export function readLinkFrame(data) {
  if (typeof data !== 'string' || data.length > FRAME_BYTES) return null;
  if (data.length * 3 > FRAME_BYTES && encoder.encode(data).length > FRAME_BYTES) return null;
  let value;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  return isLinkMessage(value) ? value : null;
}
