/**
 * Names and chat as they may be shown: without what can hide, reorder or imitate.
 *
 * The server cleans too; what comes over a link never passed it.
 */

export const NAME_CHARS = 64;
export const CHAT_BYTES = 4096;

// Controls, bidi overrides and isolates, and characters that take no room. U+200D
// stays: emoji sequences and several scripts are written with it.
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is removed.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * @param {string} raw
 * @returns {string} One line; empty when nothing visible is left.
 */
export function cleanName(raw) {
  const line = raw
    .replace(LONE_SURROGATE, '\ufffd')
    .normalize('NFC')
    .replace(HIDDEN, '')
    .replace(/\s+/gu, ' ')
    .replace(STACKED_MARKS, '$1')
    .trim();
  return [...line].slice(0, NAME_CHARS).join('').trim();
}

/**
 * @param {string} raw
 * @returns {string} May hold line breaks; empty when nothing visible is left.
 */
export function cleanChat(raw) {
  return raw
    .replace(LONE_SURROGATE, '\ufffd')
    .normalize('NFC')
    .replace(/\r\n?/gu, '\n')
    .replace(HIDDEN, '')
    .replace(STACKED_MARKS, '$1')
    .replace(/\n{4,}/gu, '\n\n\n')
    .trim();
}

/**
 * @param {string} text
 * @returns {number} Bytes of UTF-8: what the protocol's limits count.
 */
export function byteLength(text) {
  return new TextEncoder().encode(text).length;
}

/**
 * @param {string} name
 * @returns {string} One or two letters for a tile without a picture.
 */
export function initials(name) {
  const words = name.split(/[\s\-_.]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words.slice(0, 1);
  const letters = picked.map((word) => /[\p{L}\p{N}]/u.exec(word ?? '')?.[0] ?? '');
  return letters.join('').toLocaleUpperCase() || '?';
}
