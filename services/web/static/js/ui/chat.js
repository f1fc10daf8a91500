/**
 * The chat panel: what was written, and the box to write in.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/types.js').ChatEntry} ChatEntry
 */

import { linkify } from '../call/linkify.js';
import { fromTemplate, KeyedList, part, partOf, setAttribute, setShown, setText } from './dom.js';

/** Closer to the end than this counts as reading along. */
const NEAR_END_PX = 80;
/** Messages of one person within this time stand under one name. */
const TOGETHER_MS = 3 * 60_000;

/**
 * @param {ChatEntry | undefined} before
 * @param {ChatEntry} entry
 * @returns {boolean} Whether the name and the time need not be said again.
 */
export function continues(before, entry) {
  return (
    before !== undefined &&
    before.mine === entry.mine &&
    before.from === entry.from &&
    before.name === entry.name &&
    entry.at - before.at < TOGETHER_MS
  );
}

/**
 * @param {HTMLElement} root
 * @param {{ send: (text: string) => boolean, signal: AbortSignal }} options
 * @returns {(state: CallState) => void}
 */
export function mountChat(root, { send, signal }) {
  const log = part(root, 'chat-log');
  const form = partOf(root, 'chat-form', HTMLFormElement);
  const input = partOf(root, 'chat-first', HTMLTextAreaElement);
  const empty = part(root, 'chat-empty');
  const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
  const submit = () => {
    if (send(input.value)) {
      input.value = '';
    }
    input.focus();
  };
  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      submit();
    },
    { signal },
  );
  input.addEventListener(
    'keydown',
    (event) => {
      // While an input method composes, Enter picks a word.
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        submit();
      }
    },
    { signal },
  );
  const list = new KeyedList(part(root, 'chat-entries'), {
    keyOf: (/** @type {ChatEntry} */ entry) => entry.key,
    create: (entry) => createEntry(entry, time),
    update: (element, entry) => {
      const before = shown[shown.indexOf(entry) - 1];
      setAttribute(element, 'data-continues', continues(before, entry) ? 'true' : null);
      const late = part(element, 'sending');
      setShown(late, entry.lost === true || entry.sending === true);
      setText(late, entry.lost === true ? 'Not sent to everybody' : 'Sending…');
    },
  });
  /** @type {readonly ChatEntry[]} */
  let shown = [];
  return ({ chat, panel }) => {
    if (panel !== 'chat' || chat.entries === shown) {
      return;
    }
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    const last = chat.entries.at(-1);
    const mine = (last?.mine ?? false) && last?.key !== shown.at(-1)?.key;
    shown = chat.entries;
    list.render(shown);
    setShown(empty, shown.length === 0);
    if (atEnd || mine) {
      log.scrollTop = log.scrollHeight;
    }
  };
}

/**
 * @param {ChatEntry} entry
 * @param {Intl.DateTimeFormat} time
 * @returns {HTMLElement}
 */
function createEntry(entry, time) {
  const element = fromTemplate('chat-entry');
  const at = new Date(entry.at);
  const when = partOf(element, 'time', HTMLTimeElement);
  setAttribute(element, 'data-mine', String(entry.mine));
  setText(part(element, 'name'), entry.mine ? 'You' : entry.name);
  part(element, 'text').append(...linkify(entry.text).map(pieceOf));
  setText(when, time.format(at));
  when.dateTime = at.toISOString();
  return element;
}

/**
 * @param {import('../call/linkify.js').Piece} piece
 * @returns {Node}
 */
function pieceOf({ text, href }) {
  if (href === null) {
    return document.createTextNode(text);
  }
  const link = document.createElement('a');
  link.href = href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow ugc';
  link.textContent = text;
  return link;
}
