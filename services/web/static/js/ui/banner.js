/**
 * One sentence above the tiles while the connection is in trouble: whose, and what is
 * being done about it. It takes room from the tiles instead of covering a face.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 */

import { trouble } from '../call/quality.js';
import { systemTimers, TimerScope } from '../lib/timers.js';
import { part, setAttribute, setShown, setText } from './dom.js';

/** What heals within this time is not worth a word. */
const PATIENCE_MS = 1_500;

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {boolean} options.relay Whether the server has one.
 * @param {() => unknown} options.retry
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountBanner(root, { relay, retry, signal }) {
  const timers = new TimerScope(systemTimers);
  const button = part(root, 'banner-retry');
  button.addEventListener('click', () => void retry(), { signal });
  signal.addEventListener('abort', () => timers.close(), { once: true });
  return (state) => {
    const now = trouble(state, { relay });
    if (now === null) {
      timers.clear('show');
      leave(root);
      return;
    }
    setAttribute(root, 'data-kind', now.kind);
    setText(part(root, 'banner-words'), now.text);
    setShown(button, now.kind !== 'weak' && now.kind !== 'own');
    if (root.hidden && !timers.has('show')) {
      timers.set('show', PATIENCE_MS, () => setShown(root, true));
    }
  };
}

/** @param {HTMLElement} root */
function leave(root) {
  const hadFocus = root.contains(document.activeElement);
  setShown(root, false);
  if (hadFocus) {
    part(document, 'stage-focus').focus();
  }
}
