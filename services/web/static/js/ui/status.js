/**
 * The channel's name with the connection to the server in words.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 */

import { STATUS_WORDS } from '../call/words.js';
import { part, setAttribute, setShown, setText } from './dom.js';

/**
 * @param {HTMLElement} root
 * @returns {(state: CallState) => void}
 */
export function mountStatus(root) {
  const name = part(root, 'room-name');
  const chip = part(root, 'connection');
  const words = part(root, 'connection-words');
  return ({ room, status, socket, phase }) => {
    setText(name, room.name);
    setAttribute(chip, 'data-state', status);
    setText(words, STATUS_WORDS[status]);
    // In the lobby only trouble is worth a word.
    const trouble = status === 'offline' || socket === 'reconnecting';
    setShown(chip, phase.name === 'joined' || (trouble && phase.name !== 'ended'));
  };
}
