/**
 * The "More" menu: what a narrow toolbar has no room for, and what is rarely pressed.
 *
 * A popover: the browser closes it on Escape and on a click beside it. Arrow keys walk
 * through it, as in the toolbar.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {Record<string, () => unknown>} MenuActions By `data-part` of the item.
 */

import { part, setAttribute, setShown, setText } from './dom.js';
import { walkByArrows } from './roving.js';

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {MenuActions} options.actions
 * @param {readonly string[]} options.missing Items that this browser cannot do.
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountMenu(root, { actions, missing, signal }) {
  const button = part(root, 'more');
  const menu = part(root, 'menu');
  for (const [name, act] of Object.entries(actions)) {
    const item = part(menu, name);
    item.addEventListener('click', () => void act(), { signal });
    setShown(item, !missing.includes(name));
  }
  // Before the item's own listener: a dialog that it opens then finds the focus on the
  // button, and gives it back there when it closes.
  menu.addEventListener(
    'click',
    (event) => {
      if (event.target instanceof Element && event.target.closest('button, a')) {
        menu.hidePopover();
      }
    },
    { signal, capture: true },
  );
  menu.addEventListener(
    'toggle',
    (event) => {
      const open = /** @type {ToggleEvent} */ (event).newState === 'open';
      setAttribute(button, 'aria-expanded', String(open));
      if (open) {
        // Items that a wide window keeps in its toolbar are hidden by the style sheet.
        const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll('button')]);
        items.find((item) => item.getClientRects().length > 0)?.focus();
      }
    },
    { signal },
  );
  walkByArrows(menu, { forward: 'ArrowDown', back: 'ArrowUp', signal });
  return ({ view, self, phase }) => {
    setText(part(part(menu, 'menu-self'), 'label'), selfWords(view.selfHidden));
    setText(part(part(menu, 'menu-layout'), 'label'), layoutWords(view.layout));
    setText(part(part(menu, 'menu-screen'), 'label'), screenWords(self.presence.screen));
    setText(
      part(part(menu, 'menu-hand'), 'label'),
      self.presence.hand ? 'Lower hand' : 'Raise hand',
    );
    setText(
      part(part(menu, 'menu-fullscreen'), 'label'),
      document.fullscreenElement ? 'Leave full screen' : 'Full screen',
    );
    if (phase.name === 'ended' && menu.matches(':popover-open')) {
      menu.hidePopover();
    }
  };
}

/** @param {boolean} hidden */
const selfWords = (hidden) => (hidden ? 'Show my own picture' : 'Hide my own picture');
/** @param {CallState['view']['layout']} layout */
const layoutWords = (layout) => (layout === 'speaker' ? 'Show all alike' : 'Show who speaks large');
/** @param {boolean} shared */
const screenWords = (shared) => (shared ? 'Stop sharing' : 'Share screen');
