/**
 * The help dialog: every shortcut, from the table that makes them work. Its switch is
 * that of the settings (`data-setting="shortcuts"`), drawn there.
 */

import { fromTemplate, part, partOf, setText } from './dom.js';
import { SHORTCUTS } from './shortcuts.js';

/**
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 * @returns {{ open: () => void }}
 */
export function mountHelp(root, signal) {
  const dialog = partOf(root, 'help', HTMLDialogElement);
  const list = part(dialog, 'help-keys');
  for (const { shown, does } of SHORTCUTS) {
    const row = fromTemplate('shortcut');
    setText(part(row, 'key'), shown);
    setText(part(row, 'does'), does);
    list.append(row);
  }
  part(dialog, 'help-close').addEventListener('click', () => dialog.close(), { signal });
  return { open: () => dialog.showModal() };
}
