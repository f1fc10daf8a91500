/**
 * In the lobby, what to do about a device that cannot be had: beside the picture, where it
 * is missed, with one button.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 */

import { isAboutDevices, triesAgain } from '../call/device-words.js';
import { EVENTS, failure, sentence } from '../call/words.js';
import { part, setAttribute, setShown, setText } from './dom.js';

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {() => CallState} options.state
 * @param {(which: 'microphone' | 'camera' | 'devices') => unknown} options.retry
 * @param {HTMLElement} options.next Gets the focus when the button goes with the advice.
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountAdvice(root, { state, retry, next, signal }) {
  const button = part(root, 'try-again');
  button.addEventListener(
    'click',
    () => {
      const which = triesAgain(shown(state())?.code ?? '');
      if (which !== null) {
        void retry(which);
      }
    },
    { signal },
  );
  return (now) => {
    const notice = shown(now);
    const hadFocus = root.contains(document.activeElement);
    setShown(root, notice !== null);
    if (hadFocus && notice === null) {
      next.focus();
    }
    setAttribute(root, 'data-code', notice?.code ?? null);
    if (notice === null) {
      return;
    }
    const isEvent = Object.hasOwn(EVENTS, notice.code);
    const words = failure(notice.code);
    setText(part(root, 'advice-title'), sentence(notice));
    setText(part(root, 'advice-cause'), isEvent ? '' : words.cause);
    setText(part(root, 'advice-next'), isEvent ? '' : words.next);
    setShown(button, triesAgain(notice.code) !== null);
  };
}

/**
 * @param {CallState} state
 * @returns {import('../call/types.js').Notice | null} The newest about a device.
 */
function shown({ notices }) {
  return notices.findLast(({ code }) => isAboutDevices(code)) ?? null;
}
