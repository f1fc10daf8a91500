/**
 * Notices over the stage: what happened, why, what to do, and one button where there
 * is something to press.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/types.js').Notice} Notice
 */

import { EVENTS, failure, sentence } from '../call/words.js';
import { fromTemplate, KeyedList, part, setAttribute, setShown, setText } from './dom.js';

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {(id: number) => void} options.dismiss
 * @param {() => unknown} options.mute
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountNotices(root, { dismiss, mute, signal }) {
  const list = new KeyedList(root, {
    keyOf: (/** @type {Notice} */ notice) => String(notice.id),
    create: (notice) => {
      const element = fromTemplate('notice');
      const act = part(element, 'action');
      setAttribute(element, 'data-code', notice.code);
      describe(element, notice);
      part(element, 'dismiss').addEventListener('click', () => dismiss(notice.id), { signal });
      setShown(act, notice.code === 'asked_to_mute');
      act.addEventListener('click', () => void mute(), { signal });
      return element;
    },
    update: () => {},
  });
  return (state) => list.render(state.notices);
}

/**
 * @param {HTMLElement} element
 * @param {Notice} notice
 */
function describe(element, notice) {
  const { cause, next } = failure(notice.code);
  const isEvent = Object.hasOwn(EVENTS, notice.code);
  setText(part(element, 'title'), sentence(notice));
  setText(part(element, 'cause'), isEvent ? '' : cause);
  setText(part(element, 'next'), isEvent ? '' : next);
}
