/**
 * How the list of people follows `room.state`, `peer.gone` and what links say.
 *
 * The server's roster is the source of truth for who has a seat. A peer that is
 * merely missing from it stays, as away, while its link lives: the roster may have
 * been lost, the call was not (docs/protocol.md, epochs).
 *
 * @typedef {import('./types.js').CallState} CallState
 * @typedef {import('./types.js').Peer} Peer
 * @typedef {import('./types.js').Presence} Presence
 * @typedef {import('./types.js').RosterPeer} RosterPeer
 * @typedef {import('./types.js').Link} Link
 * @typedef {Extract<import('./types.js').ServerMessage, { type: 'room.state' }>} RoomState
 * @typedef {Extract<import('./types.js').ServerMessage, { type: 'peer.gone' }>} PeerGone
 */

import { withAnnouncement } from './notices.js';
import { cleanName } from './text.js';

/** @type {Link} */
const NO_LINK = Object.freeze({ state: 'new', path: null, rttMs: null, loss: null });
const NO_TRACKS = Object.freeze({ audio: null, camera: null, screen: null, screenAudio: null });

/**
 * @param {string} raw
 * @returns {string} Never empty.
 */
export function shownName(raw) {
  return cleanName(raw) || 'Guest';
}

/**
 * @param {Presence} presence
 * @returns {Presence} A copy that holds nothing else.
 */
function presenceOf({ audio, video, screen, hand }) {
  return { audio, video, screen, hand };
}

/**
 * @param {RosterPeer} listed
 * @param {Peer | undefined} known
 * @returns {Peer}
 */
function merge(listed, known) {
  const newer = known === undefined || listed.revision >= known.revision;
  return {
    id: listed.peer_id,
    seatId: listed.seat_id,
    order: listed.order,
    name: shownName(listed.name),
    role: listed.role,
    state: listed.state,
    listed: true,
    presence: newer ? presenceOf(listed) : known.presence,
    revision: newer ? listed.revision : known.revision,
    link: known?.link ?? NO_LINK,
    tracks: known?.tracks ?? NO_TRACKS,
    absent: listed.state === 'away' && known?.absent === true,
  };
}

/**
 * @param {Peer} peer
 * @returns {boolean} Whether media may still flow.
 */
function linkLives(peer) {
  return peer.link.state !== 'new' && peer.link.state !== 'closed';
}

/**
 * @param {CallState} state
 * @param {RoomState} message
 * @returns {boolean} False: an older roster, or the same again.
 */
export function isNews(state, message) {
  return message.epoch !== state.room.epoch || message.rev > state.room.rev;
}

/**
 * @param {CallState} state
 * @param {RoomState} message
 * @returns {CallState}
 */
export function withRoster(state, message) {
  const known = new Map(state.peers.map((peer) => [peer.id, peer]));
  const others = message.peers.filter((peer) => peer.peer_id !== state.self.peerId);
  const listed = others.map((peer) => merge(peer, known.get(peer.peer_id)));
  const seats = new Set(listed.map((peer) => peer.seatId));
  const calling = state.phase.name === 'joined' || state.phase.name === 'connecting';
  const kept = (calling ? state.peers : [])
    .filter((peer) => !listed.some((each) => each.id === peer.id))
    .filter((peer) => linkLives(peer) && !seats.has(peer.seatId))
    .map((peer) => ({ ...peer, state: /** @type {const} */ ('away'), listed: false }));
  const peers = [...listed, ...kept].sort((a, b) => a.order - b.order);
  const next = {
    ...state,
    peers,
    returning: state.returning.filter((seat) => !seats.has(seat)),
    waiting: message.waiting.map((knock) => ({
      peerId: knock.peer_id,
      name: shownName(knock.name),
    })),
  };
  return announceChanges(state, next);
}

/**
 * Says who came, left and raised a hand; a reload in the same seat is neither.
 *
 * @param {CallState} before
 * @param {CallState} after
 * @returns {CallState}
 */
function announceChanges(before, after) {
  if (before.phase.name !== 'joined') {
    return after;
  }
  const seatsBefore = new Set([...before.peers.map((peer) => peer.seatId), ...before.returning]);
  const seatsAfter = new Set(after.peers.map((peer) => peer.seatId));
  const hands = new Set(before.peers.filter((peer) => peer.presence.hand).map((peer) => peer.id));
  const absent = new Set(before.peers.filter((peer) => peer.absent).map((peer) => peer.id));
  const knocks = new Set(before.waiting.map((knock) => knock.peerId));
  let state = after;
  for (const peer of after.peers) {
    if (!seatsBefore.has(peer.seatId)) {
      state = withAnnouncement(state, 'peer_joined', { name: peer.name });
    } else if (peer.presence.hand && !hands.has(peer.id)) {
      state = withAnnouncement(state, 'hand_raised', { name: peer.name });
    }
  }
  for (const peer of after.peers.filter((each) => !each.absent && absent.has(each.id))) {
    state = withAnnouncement(state, 'peer_back', { name: peer.name });
  }
  for (const peer of before.peers) {
    if (!seatsAfter.has(peer.seatId)) {
      state = withAnnouncement(state, 'peer_left', { name: peer.name });
    }
  }
  for (const knock of after.waiting) {
    if (!knocks.has(knock.peerId)) {
      state = withAnnouncement(state, 'knock', { name: knock.name });
    }
  }
  return state;
}

/**
 * @param {CallState} state
 * @param {PeerGone} message
 * @returns {CallState}
 */
export function withoutPeer(state, message) {
  const gone = state.peers.find((peer) => peer.id === message.peer_id);
  if (gone === undefined) {
    return state;
  }
  const next = { ...state, peers: state.peers.filter((peer) => peer !== gone) };
  if (message.reason === 'replaced') {
    return { ...next, returning: [...state.returning, gone.seatId] };
  }
  if (state.phase.name !== 'joined') {
    return next;
  }
  const code = message.reason === 'removed' ? 'peer_removed' : 'peer_left';
  return withAnnouncement(next, code, { name: gone.name });
}

/**
 * @param {CallState} state
 * @param {string} peerId
 * @param {(peer: Peer) => Peer} change
 * @returns {CallState} The same state when there is no such peer or nothing changed.
 */
export function withPeer(state, peerId, change) {
  const before = state.peers.find((peer) => peer.id === peerId);
  if (before === undefined) {
    return state;
  }
  const after = change(before);
  if (after === before) {
    return state;
  }
  return {
    ...state,
    peers: state.peers.map((peer) => (peer === before ? after : peer)),
  };
}

/**
 * @param {CallState} state
 * @param {string} peerId
 * @param {Link} link
 * @returns {CallState} Without the peer when its link was all that kept it.
 */
export function withLink(state, peerId, link) {
  const peer = state.peers.find((each) => each.id === peerId);
  if (peer !== undefined && !peer.listed && link.state === 'closed') {
    const next = { ...state, peers: state.peers.filter((each) => each !== peer) };
    return state.phase.name === 'joined'
      ? withAnnouncement(next, 'peer_left', { name: peer.name })
      : next;
  }
  const back = peer?.absent === true && link.state === 'connected';
  const next = withPeer(state, peerId, (before) => ({
    ...before,
    link,
    absent: before.absent && !back,
  }));
  if (back) {
    return withAnnouncement(next, 'peer_back', { name: peer.name });
  }
  if (peer === undefined || link.state === peer.link.state) {
    return next;
  }
  if (link.state === 'failed') {
    return withAnnouncement(next, 'link_failed', { name: peer.name });
  }
  return link.state === 'reconnecting'
    ? withAnnouncement(next, 'link_reconnecting', { name: peer.name })
    : next;
}

/**
 * Nothing has come for so long that a frozen picture would only mislead.
 *
 * @param {CallState} state
 * @param {string} peerId
 * @returns {CallState}
 */
export function withAbsent(state, peerId) {
  const peer = state.peers.find((each) => each.id === peerId);
  if (peer === undefined || peer.absent || !isOutOfReach(peer)) {
    return state;
  }
  const next = withPeer(state, peerId, (before) => ({ ...before, absent: true }));
  return withAnnouncement(next, 'peer_absent', { name: peer.name });
}

/**
 * @param {Peer} peer
 * @returns {boolean} Neither the server nor this page reaches them.
 */
export function isOutOfReach(peer) {
  return peer.state === 'away' && peer.link.state !== 'connected';
}

/**
 * @param {CallState} state
 * @param {{ peerId: string, revision: number, presence: Presence }} news
 * @returns {CallState}
 */
export function withPeerPresence(state, { peerId, revision, presence }) {
  const before = state.peers.find((peer) => peer.id === peerId);
  if (before === undefined || revision <= before.revision) {
    return state;
  }
  const next = withPeer(state, peerId, (peer) => ({
    ...peer,
    revision,
    presence: presenceOf(presence),
  }));
  const raised = presence.hand && !before.presence.hand;
  return raised ? withAnnouncement(next, 'hand_raised', { name: before.name }) : next;
}
