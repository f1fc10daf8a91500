/**
 * The settings dialog: devices, sound, picture, network, keyboard. What is set is
 * remembered and acts at once, except where its words say otherwise.
 *
 * The browser's own modal dialog keeps the focus inside, closes on Escape and gives the
 * focus back to the button that opened it.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/preferences.js').Preference} Preference
 * @typedef {import('../call/preferences.js').Preferences} Preferences
 * @typedef {(setting: Setting, on: boolean) => unknown} SetSetting
 *
 * @typedef {{ [K in keyof Preference]: Preference[K] extends boolean ? K : never }[keyof Preference]} Setting
 */

import { part, partOf, setAttribute, setShown } from './dom.js';

/**
 * @param {HTMLElement} root The page: any of its buttons with `data-settings` opens it; the
 *   value names a picker that gets the focus.
 * @param {object} options
 * @param {Preferences} options.preferences
 * @param {SetSetting} options.set
 * @param {boolean} options.relayForced By the address of the page.
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountSettings(root, { preferences, set, relayForced, signal }) {
  const dialog = partOf(root, 'settings', HTMLDialogElement);
  for (const button of root.querySelectorAll('[data-settings]')) {
    const wanted = button.getAttribute('data-settings');
    button.addEventListener('click', () => open(dialog, wanted ?? ''), { signal });
  }
  part(dialog, 'settings-close').addEventListener('click', () => dialog.close(), { signal });
  dialog.addEventListener(
    'click',
    (event) => {
      // The dialog fills its own box: a click on the element itself is one beside the box.
      if (event.target === dialog) {
        dialog.close();
      }
    },
    { signal },
  );
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (
    root.querySelectorAll('input[data-setting]')
  );
  for (const box of boxes) {
    box.addEventListener('change', () => void set(settingOf(box), box.checked), { signal });
  }
  if (relayForced) {
    for (const box of boxes) {
      box.disabled ||= settingOf(box) === 'relayOnly';
    }
  }
  return ({ phase, equipment }) => {
    const wanted = preferences.current;
    for (const box of boxes) {
      const setting = settingOf(box);
      box.checked = wanted[setting] || (setting === 'relayOnly' && relayForced);
    }
    setShown(part(dialog, 'blur'), equipment.canBlur);
    setAttribute(root, 'data-mirror', String(wanted.mirror));
    if (phase.name === 'ended' && dialog.open) {
      dialog.close();
    }
  };
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} kind `microphone`, `camera` or empty.
 */
function open(dialog, kind) {
  dialog.showModal();
  if (kind !== '') {
    part(dialog, `pick-${kind}`).focus();
  }
}

/**
 * @param {HTMLInputElement} box
 * @returns {Setting}
 */
function settingOf(box) {
  return /** @type {Setting} */ (box.dataset.setting);
}
