/**
 * A guest's name, kept by the browser alone, so that it need not be typed each time.
 */

import { cleanName } from './text.js';

const KEY = 'traverse:name';

/**
 * @param {Pick<Storage, 'getItem'>} storage
 * @returns {string} Empty: none is known.
 */
export function rememberedName(storage) {
  try {
    return cleanName(storage.getItem(KEY) ?? '');
  } catch {
    return '';
  }
}

/**
 * @param {Pick<Storage, 'getItem' | 'setItem'>} storage
 * @param {string} name
 */
export function rememberName(storage, name) {
  try {
    if (storage.getItem(KEY) !== name) {
      storage.setItem(KEY, name);
    }
  } catch {
    // Storage may be forbidden; the name is then typed again.
  }
}
