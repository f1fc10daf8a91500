/**
 * Notices over the stage: what happened, why, what to do, and one button where there
 * is something to press.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/types.js').Notice} Notice
 */

import { isAboutDevices, triesAgain } from '../call/device-words.js';
import { EVENTS, failure, sentence } from '../call/words.js';
import { fromTemplate, KeyedList, part, setAttribute, setShown, setText } from './dom.js';

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {(id: number) => void} options.dismiss
 * @param {() => unknown} options.mute
 * @param {(which: 'microphone' | 'camera' | 'devices') => unknown} options.retry
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountNotices(root, { dismiss, mute, retry, signal }) {
  const list = new KeyedList(root, {
    keyOf: (/** @type {Notice} */ notice) => String(notice.id),
    create: (notice) => {
      const element = fromTemplate('notice');
      const button = part(element, 'action');
      const which = triesAgain(notice.code);
      setAttribute(element, 'data-code', notice.code);
      describe(element, notice);
      part(element, 'dismiss').addEventListener('click', () => dismiss(notice.id), { signal });
      setShown(button, which !== null || notice.code === 'asked_to_mute');
      setText(button, which === null ? 'Mute' : 'Try again');
      button.addEventListener('click', () => void (which === null ? mute() : retry(which)), {
        signal,
      });
      return element;
    },
    update: () => {},
  });
  // The lobby shows those of the devices beside the picture.
  return ({ phase, notices }) =>
    list.render(
      phase.name === 'joined' ? notices : notices.filter(({ code }) => !isAboutDevices(code)),
    );
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
