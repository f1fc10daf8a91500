/**
 * Finds the addresses in a chat message: pure, text in, pieces of text out.
 *
 * Only http: and https:, only where they are spelled out, and none that carries a user
 * name: `https://bank.example@evil.example` reads like one place and leads to another.
 *
 * @typedef {{ text: string, href: string | null }} Piece
 */

const CANDIDATE = /\bhttps?:\/\/[^\s<>"'`\u2018-\u201f\u3000-\u303f]+/giu;
/** Few at a time: an unbounded run is tried again from each of its characters. */
const TRAILING = /[.,:;!?*_~|]{1,4}$/u;
const PAIRS = /** @type {const} */ ([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
/** A message of nothing but addresses needs no more. */
const MOST = 50;

/**
 * @param {string} text
 * @returns {Piece[]} Together exactly the text.
 */
export function linkify(text) {
  /** @type {Piece[]} */
  const pieces = [];
  let end = 0;
  for (const match of [...text.matchAll(CANDIDATE)].slice(0, MOST)) {
    const shown = trimmed(match[0]);
    const href = safeHref(shown);
    if (href !== null) {
      if (match.index > end) {
        pieces.push({ text: text.slice(end, match.index), href: null });
      }
      pieces.push({ text: shown, href });
      end = match.index + shown.length;
    }
  }
  if (end < text.length) {
    pieces.push({ text: text.slice(end), href: null });
  }
  return pieces;
}

/**
 * @param {string} candidate
 * @returns {string} Without the punctuation of the sentence around it.
 */
function trimmed(candidate) {
  let text = candidate;
  for (;;) {
    const shorter = unpaired(text.replace(TRAILING, ''));
    if (shorter === text) {
      return text;
    }
    text = shorter;
  }
}

/**
 * @param {string} text
 * @returns {string} Without a closing bracket that was opened before the address.
 */
function unpaired(text) {
  for (const [open, close] of PAIRS) {
    if (text.endsWith(close) && text.split(close).length > text.split(open).length) {
      return text.slice(0, -1);
    }
  }
  return text;
}

/**
 * @param {string} text
 * @returns {string | null}
 */
function safeHref(text) {
  if (!URL.canParse(text)) {
    return null;
  }
  const url = new URL(text);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && url.username === '' && url.password === '' ? url.href : null;
}
