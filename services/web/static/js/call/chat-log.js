/**
 * The messages of the call as this page shows them: what came, what it sent itself, and how
 * far that got. Pure.
 *
 * @typedef {import('./types.js').CallState} CallState
 */

import { withAnnouncement } from './notices.js';
import { cleanChat } from './text.js';

/** Entries kept on the page; a call of a day must not fill the memory. */
export const CHAT_ENTRIES = 500;

/**
 * @param {CallState} state
 * @param {{ peerId: string, messageId: string, text: string, at: number }} message
 * @returns {CallState}
 */
export function chatReceived(state, { peerId, messageId, text, at }) {
  const peer = state.peers.find((each) => each.id === peerId);
  const key = `${peerId}:${messageId}`;
  const shown = cleanChat(text);
  if (peer === undefined || shown === '' || state.chat.entries.some((entry) => entry.key === key)) {
    return state;
  }
  const next = chatAdded(state, {
    key,
    from: peerId,
    name: peer.name,
    text: shown,
    at,
    mine: false,
  });
  return withAnnouncement(next, 'chat', { name: peer.name, text: shown });
}

/**
 * @param {CallState} state
 * @param {{ messageId: string, text: string, at: number }} message
 * @returns {CallState}
 */
export function chatSent(state, { messageId, text, at }) {
  return chatAdded(state, {
    key: `self:${messageId}`,
    from: state.self.peerId ?? '',
    name: state.self.name,
    text: cleanChat(text),
    at,
    mine: true,
  });
}

/**
 * @param {CallState} state
 * @param {import('./types.js').ChatEntry} entry
 * @returns {CallState}
 */
function chatAdded(state, entry) {
  const unseen = !entry.mine && state.panel !== 'chat';
  return {
    ...state,
    chat: {
      entries: [...state.chat.entries, entry].slice(-CHAT_ENTRIES),
      unread: state.chat.unread + (unseen ? 1 : 0),
    },
  };
}

/**
 * @param {CallState} state
 * @param {readonly string[]} messageIds All own messages that take long to leave this page.
 * @returns {CallState}
 */
export function chatSending(state, messageIds) {
  const keys = new Set(messageIds.map((id) => `self:${id}`));
  const entries = state.chat.entries.map((entry) => {
    const sending = keys.has(entry.key);
    return sending === (entry.sending ?? false) ? entry : { ...entry, sending };
  });
  return { ...state, chat: { ...state.chat, entries } };
}

/**
 * @param {CallState} state
 * @param {readonly string[]} messageIds Own messages that never left it for everybody.
 * @returns {CallState}
 */
export function chatLost(state, messageIds) {
  const keys = new Set(messageIds.map((id) => `self:${id}`));
  const entries = state.chat.entries.map((entry) =>
    keys.has(entry.key) ? { ...entry, lost: true } : entry,
  );
  return { ...state, chat: { ...state.chat, entries } };
}
