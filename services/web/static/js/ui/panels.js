/**
 * Opens one side panel at a time and keeps the focus where a keyboard expects it:
 * in the panel when it opens, back on its button when it closes.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/types.js').Panel} Panel
 */

import { part, setAttribute, setShown, setText } from './dom.js';

const NAMES = /** @type {const} */ (['people', 'chat', 'stats']);
/** The statistics have no button of their own: they are opened from the menu. */
const OPENERS = { people: 'people-button', chat: 'chat-button', stats: 'more' };

/**
 * @param {HTMLElement} root
 * @param {{ state: () => CallState, open: (panel: Panel) => void, signal: AbortSignal }} options
 * @returns {(state: CallState) => void}
 */
export function mountPanels(root, { state, open, signal }) {
  /** @type {Panel} */
  let shown = 'none';
  const panels = NAMES.map((name) => ({
    name,
    panel: part(root, `${name}-panel`),
    button: part(root, OPENERS[name]),
    first: part(root, `${name}-first`),
    close: part(root, `${name}-close`),
  }));
  const toggles = panels.filter(({ name }) => name !== 'stats');
  for (const { name, button } of toggles) {
    const toggle = () => open(state().panel === name ? 'none' : name);
    button.addEventListener('click', toggle, { signal });
  }
  for (const { panel, close } of panels) {
    close.addEventListener('click', () => open('none'), { signal });
    panel.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape') {
          open('none');
        }
      },
      { signal },
    );
  }
  const badge = part(root, 'unread');
  const count = part(root, 'count');
  return (now) => {
    const before = shown;
    shown = now.phase.name === 'joined' ? now.panel : 'none';
    for (const { name, button } of toggles) {
      setAttribute(button, 'aria-expanded', String(shown === name));
    }
    for (const each of panels) {
      showPanel(each, { before, shown });
    }
    setAttribute(root, 'data-panel', shown);
    drawUnread(badge, now.chat.unread);
    setText(count, String(now.peers.length + 1));
  };
}

/**
 * @param {HTMLElement} badge
 * @param {number} unread messages
 */
function drawUnread(badge, unread) {
  setShown(badge, unread > 0);
  setText(badge, unread > 99 ? '99+' : String(unread));
}

/**
 * @param {{ name: Panel, panel: HTMLElement, button: HTMLElement, first: HTMLElement }} each
 * @param {{ before: Panel, shown: Panel }} change
 */
function showPanel({ name, panel, button, first }, { before, shown }) {
  const hadFocus = panel.contains(document.activeElement);
  setShown(panel, shown === name);
  if (shown === name && before !== name) {
    first.focus();
  } else if (shown === 'none' && hadFocus) {
    button.focus();
  }
}
