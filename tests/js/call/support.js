/**
 * Builders of server messages and of states, and fakes of what the controller wires:
 * they keep what was asked of them and count what is open.
 */

import { setMaxListeners } from 'node:events';
import { initialState, reduce } from '../../../services/web/static/js/call/state.js';

/** @typedef {import('../../../services/web/static/js/call/types.js').CallState} CallState */
/** @typedef {import('../../../services/web/static/js/call/types.js').Action} Action */
/** @typedef {import('../../../services/web/static/js/call/types.js').ServerMessage} ServerMessage */

export const ME = 'me'.padEnd(22, '0');
export const ANA = 'ana'.padEnd(22, '0');
export const BOB = 'bob'.padEnd(22, '0');
export const EPOCH = 'epoch-1';
export const NOW = 1_700_000_000_000;

export const LIMITS = {
  frame_bytes: 65_536,
  sdp_bytes: 49_152,
  candidate_bytes: 1024,
  candidates_per_frame: 32,
  chat_bytes: 4096,
  name_chars: 64,
  room_peers: 8,
};

/** @param {Record<string, unknown>} [fields] @returns {any} */
export function welcome(fields = {}) {
  return {
    type: 'welcome',
    peer_id: ME,
    resume_token: `${ME}.secret`,
    seat_token: 'seat-1',
    resumed: false,
    order: null,
    name: 'Me',
    role: 'member',
    room_name: 'Team',
    admission: 'open',
    features: [],
    ice_servers: [{ urls: ['turn:turn.test'] }],
    ice_expires_at: 1,
    limits: LIMITS,
    heartbeat_s: 10,
    server_time: 0,
    ...fields,
  };
}

/** @param {string} id @param {Record<string, unknown>} [fields] @returns {any} */
export function listed(id, fields = {}) {
  return {
    peer_id: id,
    seat_id: `seat-of-${id}`,
    order: 1,
    name: id.replaceAll('0', ''),
    role: 'member',
    state: 'here',
    revision: 0,
    audio: true,
    video: true,
    screen: false,
    hand: false,
    ...fields,
  };
}

/** @param {any[]} peers @param {Record<string, unknown>} [fields] @returns {any} */
export function roomState(peers, fields = {}) {
  return {
    type: 'room.state',
    epoch: EPOCH,
    rev: 1,
    room_name: 'Team',
    locked: false,
    peers,
    waiting: [],
    ...fields,
  };
}

/** @param {any} message @returns {Action} */
export function fromServer(message) {
  return { type: 'server', message, at: NOW };
}

/** @param {Action[]} actions @param {CallState} [state] @returns {CallState} */
export function after(
  actions,
  state = initialState({ roomName: 'Team', name: 'Me', role: 'member' }),
) {
  return actions.reduce(reduce, state);
}

/** @returns {CallState} In the lobby, connected, with the given people in the call. */
export function inLobby(/** @type {any[]} */ ...peers) {
  return after([
    { type: 'signaling.status', status: 'online' },
    fromServer(welcome()),
    fromServer(roomState(peers)),
  ]);
}

/** @returns {CallState} In the call with the given people; the roster's `rev` is 2. */
export function inCall(/** @type {any[]} */ ...peers) {
  const all = [...peers, listed(ME, { order: 99 })];
  return after(
    [{ type: 'join.asked', name: 'Me' }, fromServer(roomState(all, { rev: 2 }))],
    inLobby(...peers),
  );
}

/** @param {CallState} state @returns {string[]} */
export function said(state) {
  return state.announcements.map((each) => each.code);
}

/** @param {CallState} state @returns {string[]} */
export function noticed(state) {
  return state.notices.map((each) => each.code);
}

/** What the emitters of the fakes have in common. */
class Emitting {
  /** @type {Map<string, Set<(payload: any) => void>>} */
  listeners = new Map();

  /** @param {string} type @param {(payload: any) => void} listener @param {{ signal?: AbortSignal }} [options] */
  on(type, listener, { signal } = {}) {
    const set = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, set);
    set.add(listener);
    if (signal !== undefined) {
      // One signal ends many listeners here; Node takes that for a leak.
      setMaxListeners(0, signal);
    }
    signal?.addEventListener('abort', () => set.delete(listener));
  }

  /** @param {string} type @param {any} [payload] */
  emit(type, payload) {
    for (const listener of [...(this.listeners.get(type) ?? [])]) {
      listener(payload);
    }
  }

  get listenerCount() {
    return [...this.listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }
}

export class FakeClient extends Emitting {
  status = 'idle';
  seatToken = null;
  starts = 0;
  reconnects = 0;
  /** @type {({ leave?: boolean } | undefined)[]} */
  stops = [];
  /** @type {any[]} */
  sent = [];
  /** @type {{ message: any, resolve: (value?: any) => void, reject: (error: any) => void }[]} */
  requests = [];

  /** @param {{ url: string, hello: () => Promise<any> }} options */
  constructor({ url, hello }) {
    super();
    this.url = url;
    this.hello = hello;
  }

  start() {
    this.starts += 1;
    this.become('connecting');
  }

  /** @param {{ leave?: boolean }} [options] */
  stop(options) {
    this.stops.push(options);
    if (this.status !== 'stopped') {
      this.become('stopped');
      this.emit('stopped', { code: options?.leave ? 'left' : 'stopped', action: 'stop' });
    }
  }

  reconnectNow() {
    this.reconnects += 1;
  }

  /** @param {any} message */
  send(message) {
    if (this.status !== 'online') {
      return false;
    }
    this.sent.push(message);
    return true;
  }

  /** @param {any} message */
  request(message) {
    return new Promise((resolve, reject) => this.requests.push({ message, resolve, reject }));
  }

  /** @param {string} status */
  become(status) {
    if (this.status !== status) {
      this.status = status;
      this.emit('status', status);
    }
  }

  /** @param {any} message A server message. */
  hear(message) {
    if (message.type === 'welcome') {
      this.become('online');
    }
    this.emit(message.type, message);
  }
}

export class FakeMesh extends Emitting {
  closed = 0;
  networkChanges = 0;
  warmed = 0;
  /** @type {Iterable<string> | null} */
  visible = null;
  /** @type {any[]} */
  configured = [];
  /** @type {any[]} */
  iceServers = [];
  /** @type {any[]} */
  tracks = [];
  /** @type {any[]} */
  presence = [];
  /** @type {any[]} */
  states = [];
  /** @type {any[]} */
  gone = [];
  /** @type {any[]} */
  received = [];
  /** @type {string[]} */
  chats = [];
  /** @type {any[][]} */
  offeredTo = [];

  /** @param {{ transport: any }} options */
  constructor({ transport }) {
    super();
    this.transport = transport;
  }

  /** @param {any} options */
  configure(options) {
    this.configured.push(options);
  }

  /** @param {any} servers */
  setIceServers(servers) {
    this.iceServers.push(servers);
  }

  /** @param {any} tracks */
  setTracks(tracks) {
    this.tracks.push(tracks);
  }

  /** @param {any} presence */
  setPresence(presence) {
    this.presence.push(presence);
  }

  /** @param {any[]} peers */
  async offersFor(peers) {
    this.offeredTo.push(peers);
    return peers.map(({ peer_id }) => ({ type: 'peer.description', to: peer_id, kind: 'offer' }));
  }

  /** @param {any} state */
  applyRoomState(state) {
    this.states.push(state);
  }

  /** @param {any} message */
  peerGone(message) {
    this.gone.push(message);
  }

  /** @param {any} message */
  receive(message) {
    this.received.push(message);
  }

  /** @param {string} text */
  sendChat(text) {
    this.chats.push(text);
    return `chat-${this.chats.length}`;
  }

  networkChanged() {
    this.networkChanges += 1;
  }

  /** @param {Iterable<string> | null} peerIds */
  setVisible(peerIds) {
    this.visible = peerIds;
  }

  warm() {
    this.warmed += 1;
  }

  close() {
    this.closed += 1;
  }
}

/** @param {Partial<Record<'microphones' | 'cameras' | 'speakers', [string, string][]>>} [listed] Ids and labels. */
export function hardware({ microphones = [], cameras = [], speakers = [] } = {}) {
  const kind = (/** @type {[string, string][]} */ devices) => ({
    devices: devices.map(([id, label]) => ({ id, label })),
    hidden: false,
  });
  return { microphones: kind(microphones), cameras: kind(cameras), speakers: kind(speakers) };
}

export class FakeDeviceList extends Emitting {
  hardware = hardware();
  refreshes = 0;
  closed = 0;

  async refresh() {
    this.refreshes += 1;
    this.emit('change', this.hardware);
  }

  close() {
    this.closed += 1;
  }
}

/** @param {string | null} [kept] What the browser has stored. */
export function memory(kept = null) {
  const box = { kept };
  return {
    box,
    getItem: () => box.kept,
    setItem: (/** @type {string} */ _key, /** @type {string} */ value) => {
      box.kept = value;
    },
  };
}

export class FakeMedia extends Emitting {
  closed = 0;
  /** @type {any} */
  tracks = { audio: null, camera: null, screen: null, screenAudio: null };
  paused = { audio: false, video: false };
  canBlur = false;
  revived = 0;
  /** @type {any} The device of each kind that was asked for last. */
  chosen = { microphone: null, camera: null };
  /** @type {any} */
  processing = null;
  blur = false;
  /** @type {string[]} */
  reopened = [];
  /** @type {Set<'microphone' | 'camera' | 'screen'>} */
  denied = new Set();

  get running() {
    const { audio, camera } = this.tracks;
    return {
      microphone: audio === null ? null : (this.chosen.microphone ?? 'default'),
      camera: camera === null ? null : (this.chosen.camera ?? 'default'),
    };
  }

  /** @param {any} chosen */
  async setDevices(chosen) {
    this.chosen = { ...this.chosen, ...chosen };
    this.emit('tracks', this.tracks);
  }

  /** @param {any} processing */
  async setProcessing(processing) {
    this.processing = processing;
  }

  /** @param {boolean} on */
  async setBlur(on) {
    this.blur = on;
  }

  /** @param {string} device */
  async reopen(device) {
    this.reopened.push(device);
  }

  revive() {
    this.revived += 1;
  }

  /** @param {{ audio: boolean, video: boolean }} wanted */
  async start({ audio, video }) {
    await this.setAudio(audio);
    await this.setVideo(video);
  }

  /** @param {boolean} on */
  async setAudio(on) {
    this.#set('audio', 'microphone', on);
  }

  /** @param {boolean} on */
  async setVideo(on) {
    this.#set('camera', 'camera', on);
  }

  async startScreen() {
    this.#set('screen', 'screen', true);
  }

  stopScreen() {
    this.#set('screen', 'screen', false);
  }

  close() {
    this.closed += 1;
    this.tracks = { audio: null, camera: null, screen: null, screenAudio: null };
  }

  /** @param {string} source @param {'microphone' | 'camera' | 'screen'} device @param {boolean} on */
  #set(source, device, on) {
    if (on && this.denied.has(device)) {
      this.emit('error', { code: `${device}_denied` });
    } else {
      this.tracks = { ...this.tracks, [source]: on ? { id: `local-${source}` } : null };
    }
    this.emit('tracks', this.tracks);
  }
}
