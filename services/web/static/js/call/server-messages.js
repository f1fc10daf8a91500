/**
 * What each message of the server does to the state, in each phase.
 *
 * Refused here: nothing that a link or a request owns (`peer.description`,
 * `peer.candidates`, `chat.message`, `ice.servers`, `ack`, `pong`, `bye`): the mesh
 * and the signalling client take those. A type that this page does not know changes
 * nothing, so that a newer server can be spoken to.
 *
 * @typedef {import('./types.js').CallState} CallState
 * @typedef {import('./types.js').ServerMessage} ServerMessage
 * @typedef {Extract<ServerMessage, { type: 'welcome' }>} Welcome
 * @typedef {Extract<ServerMessage, { type: 'room.state' }>} RoomState
 * @typedef {Extract<ServerMessage, { type: 'error' }>} ErrorMessage
 */

import { withAnnouncement, withNotice, withoutNotices } from './notices.js';
import { list } from './quality.js';
import { isNews, shownName, withoutPeer, withRoster } from './roster.js';

/** An attempt to enter ends with these; the person may try again. */
const ENTRY_REFUSALS = new Set(['room_locked', 'room_full', 'name_required', 'name_invalid']);

/** Of no use to a person: the page heals these by itself. */
const SILENT = new Set(['already_joined', 'not_joined', 'peer_gone', 'unknown_type']);

/**
 * @param {CallState} state
 * @param {ServerMessage} message
 * @param {number} at Unix milliseconds.
 * @returns {CallState}
 */
export function receive(state, message, at) {
  if (state.phase.name === 'ended') {
    return state;
  }
  switch (message.type) {
    case 'welcome':
      return welcomed(state, message);
    case 'seat':
      return { ...state, self: { ...state.self, order: message.order } };
    case 'room.state':
      return isNews(state, message) ? roomState(state, message, at) : state;
    case 'room.waiting':
      return state.phase.name === 'connecting'
        ? withAnnouncement({ ...state, phase: { name: 'waiting' } }, 'waiting')
        : state;
    case 'room.knock':
      return knocked(state, message.peer_id, shownName(message.name));
    case 'peer.gone':
      return withoutPeer(state, message);
    case 'ask_mute':
      return askedToMute(state, message.from);
    case 'error':
      return refused(state, message);
    default:
      return state;
  }
}

/**
 * @param {CallState} state
 * @param {string} code
 * @returns {CallState}
 */
export function ended(state, code) {
  return state.phase.name === 'ended'
    ? state
    : { ...state, phase: { name: 'ended', code }, welcomed: false, notices: [], waiting: [] };
}

/**
 * @param {CallState} state
 * @param {Welcome} message
 * @returns {CallState}
 */
function welcomed(state, message) {
  return {
    ...state,
    welcomed: true,
    room: {
      ...state.room,
      name: message.room_name,
      admission: message.admission,
      locked: message.admission === 'locked',
      capacity: message.limits.room_peers,
      // A roster seen by an earlier peer says nothing about this one's place in it.
      ...(message.resumed ? {} : { epoch: null, rev: 0 }),
    },
    self: {
      ...state.self,
      peerId: message.peer_id,
      // A guest in the lobby may have none yet.
      name: message.name === '' ? '' : shownName(message.name),
      role: message.role,
      order: message.order,
    },
  };
}

/**
 * @param {CallState} state
 * @param {RoomState} message
 * @param {number} at
 * @returns {CallState}
 */
function roomState(state, message, at) {
  const roster = withRoster(state, message);
  const room = {
    ...state.room,
    name: message.room_name,
    locked: message.locked,
    // A server of before this field says only whether it is locked.
    admission: message.admission ?? admissionOf(state, message.locked),
    epoch: message.epoch,
    rev: message.rev,
  };
  const next = { ...roster, room };
  const inRoster = message.peers.some((peer) => peer.peer_id === state.self.peerId);
  const entering = state.phase.name === 'connecting' || state.phase.name === 'waiting';
  if (inRoster && entering) {
    const entered = { ...next, phase: /** @type {const} */ ({ name: 'joined', since: at }) };
    const others = next.peers.filter((peer) => peer.state === 'here');
    const text = others.length > 0 ? `Here: ${list(others)}.` : 'Nobody else is here yet.';
    return withAnnouncement(withoutNotices(entered, ...ENTRY_REFUSALS), 'you_joined', { text });
  }
  return room.admission === 'locked' ? next : withoutNotices(next, 'room_locked');
}

/**
 * @param {CallState} state
 * @param {boolean} locked
 * @returns {import('./types.js').Admission}
 */
function admissionOf({ room }, locked) {
  if (locked) {
    return 'locked';
  }
  return room.admission === 'locked' ? 'open' : room.admission;
}

/**
 * @param {CallState} state
 * @param {string} peerId
 * @param {string} name
 * @returns {CallState}
 */
function knocked(state, peerId, name) {
  if (state.waiting.some((knock) => knock.peerId === peerId)) {
    return state;
  }
  const next = { ...state, waiting: [...state.waiting, { peerId, name }] };
  return withAnnouncement(next, 'knock', { name });
}

/**
 * @param {CallState} state
 * @param {string} from
 * @returns {CallState}
 */
function askedToMute(state, from) {
  if (!state.self.presence.audio) {
    return state;
  }
  const owner = state.peers.find((peer) => peer.id === from);
  return withNotice(state, 'asked_to_mute', owner?.name ?? null);
}

/**
 * @param {CallState} state
 * @param {ErrorMessage} message
 * @returns {CallState}
 */
function refused(state, message) {
  const entering = state.phase.name === 'connecting' || state.phase.name === 'waiting';
  if (entering && ENTRY_REFUSALS.has(message.code)) {
    return withNotice({ ...state, phase: { name: 'setup' } }, message.code);
  }
  if (state.phase.name === 'joined' && ENTRY_REFUSALS.has(message.code)) {
    // The place was lost with the connection and could not be taken again.
    return ended(state, message.code);
  }
  return SILENT.has(message.code) ? state : withNotice(state, message.code);
}
