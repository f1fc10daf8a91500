/**
 * "You are muted", while somebody speaks who is, with the one button that mends it.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 */

import { part, setShown } from './dom.js';

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {() => unknown} options.unmute
 * @param {HTMLElement} options.next Gets the focus when the button goes with it.
 * @param {() => boolean} options.shortcuts Whether single keys act.
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountMutedHint(root, { unmute, next, shortcuts, signal }) {
  part(root, 'unmute').addEventListener('click', () => void unmute(), { signal });
  return ({ self }) => {
    const hadFocus = root.contains(document.activeElement);
    setShown(root, self.mutedSpeech && !self.presence.audio);
    if (hadFocus && root.hidden) {
      next.focus();
    }
    setShown(part(root, 'unmute-key'), shortcuts());
  };
}
