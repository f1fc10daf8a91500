/**
 * How this page shows the call: what is pinned, who speaks, whether one sees oneself;
 * and in which order hands went up.
 *
 * Pure. A pinned tile that goes away stays pinned, so that somebody who comes back has
 * the place they had.
 *
 * @typedef {import('./types.js').CallState} CallState
 * @typedef {import('./types.js').Action} Action
 * @typedef {import('./types.js').View} View
 */

import { withAnnouncement } from './notices.js';

/** Marks what is this page's own and therefore has no peer. */
export const SELF = 'self';

/** @returns {View} */
export function initialView() {
  return { pinned: null, selfHidden: false, layout: 'auto', speaking: [], speaker: null };
}

/**
 * @param {CallState} state
 * @param {Action} action
 * @returns {CallState}
 */
export function withView(state, action) {
  const view = viewAfter(state.view, action);
  if (view === state.view) {
    return state;
  }
  const next = { ...state, view };
  switch (action.type) {
    case 'view.pin':
      return action.key === null
        ? withAnnouncement(next, 'unpinned')
        : withAnnouncement(next, 'pinned', { name: nameOf(state, action.key) });
    case 'view.self':
      return withAnnouncement(next, action.hidden ? 'self_hidden' : 'self_shown');
    case 'view.layout':
      return withAnnouncement(next, `layout_${action.layout}`);
    default:
      return next;
  }
}

/**
 * @param {View} view
 * @param {Action} action
 * @returns {View} The same object when nothing changed.
 */
function viewAfter(view, action) {
  switch (action.type) {
    case 'speaking': {
      const { speaking, speaker } = action;
      const same = view.speaker === speaker && sameList(view.speaking, speaking);
      return same ? view : { ...view, speaking, speaker };
    }
    case 'view.pin':
      return action.key === view.pinned ? view : { ...view, pinned: action.key };
    case 'view.self':
      return action.hidden === view.selfHidden ? view : { ...view, selfHidden: action.hidden };
    case 'view.layout':
      return action.layout === view.layout ? view : { ...view, layout: action.layout };
    default:
      return view;
  }
}

/**
 * @param {CallState} before
 * @param {CallState} after
 * @returns {CallState} With the order of raised hands brought up to date.
 */
export function withHands(before, after) {
  if (before.peers === after.peers && before.self === after.self) {
    return after;
  }
  const up = after.peers.filter((peer) => peer.presence.hand).map((peer) => peer.id);
  if (after.self.presence.hand) {
    up.push(SELF);
  }
  const kept = after.hands.filter((id) => up.includes(id));
  const hands = [...kept, ...up.filter((id) => !kept.includes(id))];
  return sameList(hands, after.hands) ? after : { ...after, hands };
}

/**
 * @param {CallState} state
 * @param {string} key Of a tile: `<peer id>:<source>`.
 * @returns {string}
 */
function nameOf(state, key) {
  const id = key.slice(0, key.lastIndexOf(':'));
  return state.peers.find((peer) => peer.id === id)?.name ?? 'Your own picture';
}

/**
 * @param {readonly string[]} a
 * @param {readonly string[]} b
 * @returns {boolean}
 */
function sameList(a, b) {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
