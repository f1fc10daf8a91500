/**
 * The state of the call page and the only function that changes it.
 *
 * Pure: no clock, no randomness, no DOM, no sockets; what happened comes in as an
 * action, with its time where one is needed. The server is the source of truth
 * for people and roles, this page for its own devices, the links for how they go.
 *
 * @typedef {import('./types.js').CallState} CallState
 * @typedef {import('./types.js').Action} Action
 * @typedef {import('./types.js').Role} Role
 */

import { NOTHING } from '../rtc/devices.js';
import { chatLost, chatReceived, chatSending, chatSent } from './chat-log.js';
import { withAnnouncement, withNotice, withoutNotices } from './notices.js';
import { withAbsent, withLink, withPeer, withPeerPresence } from './roster.js';
import { ended, receive } from './server-messages.js';
import { cleanName } from './text.js';
import { initialView, withHands, withView } from './view.js';

const MUTED = new Set(['muted_speech', 'self_audio_off']);

/**
 * @param {{ roomName: string, name: string, role: Role }} known
 * @returns {CallState}
 */
export function initialState({ roomName, name, role }) {
  return {
    phase: { name: 'setup' },
    socket: 'connecting',
    network: true,
    status: 'reconnecting',
    welcomed: false,
    room: { name: roomName, locked: false, admission: 'open', epoch: null, rev: 0, capacity: 8 },
    self: {
      peerId: null,
      name: cleanName(name),
      role,
      order: null,
      presence: { audio: true, video: true, screen: false, hand: false },
      devices: { audio: false, video: false, screen: false },
      mutedSpeech: false,
    },
    equipment: { hardware: NOTHING, microphone: null, camera: null, canBlur: false },
    peers: [],
    returning: [],
    waiting: [],
    chat: { entries: [], unread: 0 },
    panel: 'none',
    view: initialView(),
    hands: [],
    notices: [],
    announcements: [],
    soundBlocked: false,
    nextId: 1,
  };
}

/**
 * @param {CallState} state
 * @param {Action} action
 * @returns {CallState} The same object when nothing changed.
 */
export function reduce(state, action) {
  return withHands(state, step(state, action));
}

/**
 * @param {CallState} state
 * @param {Action} action
 * @returns {CallState}
 */
function step(state, action) {
  switch (action.type) {
    case 'join.asked':
      return joinAsked(state, action.name);
    case 'join.withdrawn':
      return state.phase.name === 'connecting' || state.phase.name === 'waiting'
        ? { ...state, phase: { name: 'setup' } }
        : state;
    case 'call.left':
      return ended(state, 'left');
    case 'server':
      return receive(state, action.message, action.at);
    case 'signaling.status':
      return connectionChanged(state, { socket: action.status });
    case 'signaling.stopped':
      return ended(state, action.code);
    case 'network':
      return connectionChanged(state, { network: action.online });
    case 'self.presence':
      return selfPresence(state, action.patch);
    case 'media.devices': {
      const { audio, video, screen } = action;
      return { ...state, self: { ...state.self, devices: { audio, video, screen } } };
    }
    case 'equipment':
      return { ...state, equipment: action.equipment };
    case 'self.mutedSpeech':
      return mutedSpeech(state, action.on);
    case 'link':
      return withLink(state, action.peerId, action.link);
    case 'track':
      return withPeer(state, action.peerId, (peer) => ({
        ...peer,
        tracks: { ...peer.tracks, [action.source]: action.trackId },
      }));
    case 'peer.presence':
      return withPeerPresence(state, action);
    case 'peer.absent':
      return withAbsent(state, action.peerId);
    case 'speaking':
    case 'view.pin':
    case 'view.self':
    case 'view.layout':
      return withView(state, action);
    case 'chat.received':
      return chatReceived(state, action);
    case 'chat.sent':
      return chatSent(state, action);
    case 'chat.sending':
      return chatSending(state, action.messageIds);
    case 'chat.lost':
      return chatLost(state, action.messageIds);
    case 'panel':
      return panelOpened(state, action.panel);
    case 'notice':
      return state.phase.name === 'ended'
        ? state
        : withNotice(state, action.code, action.name ?? null);
    case 'notice.dismissed':
      return { ...state, notices: state.notices.filter((notice) => notice.id !== action.id) };
    case 'notice.settled':
      return withoutNotices(state, ...action.codes);
    case 'knock.answered':
      return {
        ...state,
        waiting: state.waiting.filter((knock) => knock.peerId !== action.peerId),
      };
    case 'sound':
      return state.soundBlocked === action.blocked
        ? state
        : { ...state, soundBlocked: action.blocked };
    default:
      return state;
  }
}

/**
 * @param {CallState} state
 * @param {string} name
 * @returns {CallState}
 */
function joinAsked(state, name) {
  if (state.phase.name !== 'setup') {
    return state;
  }
  const self = { ...state.self, name: cleanName(name) || state.self.name };
  const next = { ...state, self, phase: /** @type {const} */ ({ name: 'connecting' }) };
  return withoutNotices(next, 'room_full', 'room_locked', 'name_invalid', 'name_required');
}

/**
 * @param {CallState} state
 * @param {{ socket?: CallState['socket'], network?: boolean }} news
 * @returns {CallState}
 */
function connectionChanged(state, { socket = state.socket, network = state.network }) {
  if (state.phase.name === 'ended') {
    return state;
  }
  /** @type {import('./types.js').Status} */
  const settled = socket === 'online' ? 'online' : 'reconnecting';
  /** @type {import('./types.js').Status} */
  const status = network ? settled : 'offline';
  if (socket === state.socket && network === state.network) {
    return state;
  }
  const welcomed = state.welcomed && socket === 'online';
  const next = { ...state, socket, network, status, welcomed };
  const said = status !== state.status && state.phase.name === 'joined';
  return said ? withAnnouncement(next, `status_${status}`) : next;
}

/**
 * @param {CallState} state
 * @param {Partial<import('./types.js').Presence>} patch
 * @returns {CallState}
 */
function selfPresence(state, patch) {
  const before = state.self.presence;
  const presence = { ...before, ...patch };
  const changed = /** @type {const} */ (['audio', 'video', 'screen', 'hand']).filter(
    (key) => presence[key] !== before[key],
  );
  if (changed.length === 0) {
    return state;
  }
  let next = { ...state, self: { ...state.self, presence } };
  for (const key of changed) {
    next = withAnnouncement(next, `self_${key}_${presence[key] ? 'on' : 'off'}`);
  }
  return presence.audio ? next : withoutNotices(next, 'asked_to_mute');
}

/**
 * @param {CallState} state
 * @param {boolean} on
 * @returns {CallState}
 */
function mutedSpeech(state, on) {
  const speaks = on && state.phase.name === 'joined' && !state.self.presence.audio;
  if (speaks === state.self.mutedSpeech) {
    return state;
  }
  const next = { ...state, self: { ...state.self, mutedSpeech: speaks } };
  // Heard once for each time of being muted: whoever speaks to somebody beside them knows.
  const said = state.announcements.findLast(({ code }) => MUTED.has(code));
  return speaks && said?.code !== 'muted_speech' ? withAnnouncement(next, 'muted_speech') : next;
}

/**
 * @param {CallState} state
 * @param {import('./types.js').Panel} panel
 * @returns {CallState}
 */
function panelOpened(state, panel) {
  const chat = panel === 'chat' ? { ...state.chat, unread: 0 } : state.chat;
  return { ...state, panel, chat };
}
