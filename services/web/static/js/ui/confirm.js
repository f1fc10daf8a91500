/**
 * One question before something that cannot be taken back.
 */

import { part, partOf, setText } from './dom.js';

/**
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 * @returns {(question: { title: string, text: string, yes: string }) => Promise<boolean>}
 */
export function mountConfirm(root, signal) {
  const dialog = partOf(root, 'confirm', HTMLDialogElement);
  part(dialog, 'confirm-no').addEventListener('click', () => dialog.close('no'), { signal });
  part(dialog, 'confirm-yes').addEventListener('click', () => dialog.close('yes'), { signal });
  return ({ title, text, yes }) => {
    setText(part(dialog, 'confirm-title'), title);
    setText(part(dialog, 'confirm-text'), text);
    setText(part(dialog, 'confirm-yes'), yes);
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), {
        once: true,
        signal,
      });
    });
  };
}
