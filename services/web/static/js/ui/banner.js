/**
 * One sentence above the tiles while the connection is in trouble: whose, and what is
 * being done about it.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 */

import { trouble } from '../call/quality.js';
import { part, setAttribute, setShown, setText } from './dom.js';

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {boolean} options.relay Whether the server has one.
 * @param {() => unknown} options.retry
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountBanner(root, { relay, retry, signal }) {
  const button = part(root, 'banner-retry');
  button.addEventListener('click', () => void retry(), { signal });
  return (state) => {
    const now = trouble(state, { relay });
    setShown(root, now !== null);
    if (now !== null) {
      setAttribute(root, 'data-kind', now.kind);
      setText(part(root, 'banner-words'), now.text);
      setShown(button, now.kind !== 'weak' && now.kind !== 'own');
    }
  };
}
