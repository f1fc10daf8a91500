/**
 * The end: why, and what can be done now.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 */

import { failure } from '../call/words.js';
import { part, setAttribute, setShown, setText } from './dom.js';

const SIGN_IN_HELPS = new Set(['unauthenticated', 'forbidden', 'ticket_invalid']);

/**
 * @param {HTMLElement} root
 * @param {{ rejoin: () => void, signedIn: boolean, signal: AbortSignal }} options
 * @returns {(state: CallState) => void}
 */
export function mountEnded(root, { rejoin, signedIn, signal }) {
  const again = part(root, 'rejoin');
  const leave = part(root, 'leave');
  again.addEventListener('click', rejoin, { signal });
  return ({ phase }) => {
    if (phase.name !== 'ended') {
      return;
    }
    const { title, cause, next, again: helps } = failure(phase.code);
    const signIn = SIGN_IN_HELPS.has(phase.code) && (phase.code !== 'ticket_invalid' || signedIn);
    setAttribute(root, 'data-code', phase.code);
    setText(part(root, 'title'), title);
    setText(part(root, 'cause'), cause);
    setText(part(root, 'next'), next);
    const rejoins = helps === true && !signIn;
    setShown(again, rejoins);
    setShown(part(root, 'sign-in'), signIn);
    // One button is the next step; where nothing else helps, it is to go.
    leave.className = rejoins || signIn ? 'quiet' : 'wide';
  };
}
