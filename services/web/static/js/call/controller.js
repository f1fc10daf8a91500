/**
 * Wires the signalling client, the mesh and the devices to the state, and what the
 * person does to them. The only place where rtc/, signaling/ and ui/ meet.
 *
 * Owns the order of things: a hello in the lobby, the join at the click with the
 * offers right behind it, another join when the server gave this page a new peer.
 * What a message does to the state is the reducer's; how a link recovers is the mesh's.
 *
 * @typedef {import('./ports.js').ClientPort} ClientPort
 * @typedef {import('./ports.js').MeshPort} MeshPort
 * @typedef {import('./ports.js').MediaPort} MediaPort
 * @typedef {import('./config.js').CallConfig} CallConfig
 * @typedef {import('./types.js').RosterPeer} RosterPeer
 * @typedef {import('./devices.js').CallStore} CallStore
 */

import { systemTimers, TimerScope } from '../lib/timers.js';
import { Devices } from './devices.js';
import { Links } from './links.js';
import { Owner } from './owner.js';
import { watch } from './surroundings.js';
import { byteLength, CHAT_BYTES, cleanChat, cleanName } from './text.js';
import { TicketRefused } from './ticket.js';

/** The reducer takes these; the mesh takes some of them, too. */
const FOR_STATE = ['seat', 'room.waiting', 'room.knock', 'ask_mute', 'error'];
const FOR_MESH = ['peer.description', 'peer.candidates', 'chat.message'];
/** A fresh ticket may mend these, once. */
const STALE_TICKET = new Set(['ticket_invalid', 'unauthenticated']);
/** A guest's name that stays for so long is the one: the hello must not wait for the click. */
const NAME_MS = 400;
/** Messages that may wait for a way out; a long outage must not fill the memory. */
const MAX_WAITING_CHAT = 100;
/** After these the seat is gone for good. */
const SEAT_LOST = new Set(['removed', 'denied', 'left', 'room_closed', 'room_expired']);

export class CallController {
  /** What only the owner of the channel can do. */
  owner;
  #config;
  #store;
  #createClient;
  #devices;
  #seat;
  #tickets;
  #now;
  #around;
  #timers;
  #abort = new AbortController();
  /** @type {ClientPort | null} */
  #client = null;
  #clientAbort = new AbortController();
  #links;
  /** @type {string | null} */
  #seatToken = null;
  #helloName = '';
  #joinDue = false;
  #ticketRenewed = false;
  /** @type {RosterPeer[] | null} The newest roster of this socket's peer. */
  #roster = null;
  #closed = false;

  /**
   * @param {object} options
   * @param {CallConfig} options.config
   * @param {CallStore} options.store
   * @param {(options: { url: string, hello: () => Promise<object> }) => ClientPort} options.createClient
   * @param {(options: { transport: { send: (frame: any) => boolean, online: () => boolean } }) => MeshPort} options.createMesh
   * @param {MediaPort} options.media
   * @param {import('./ports.js').DeviceListPort} options.deviceList
   * @param {import('./preferences.js').Preferences} options.preferences
   * @param {import('./seat.js').SeatKeeper} options.seat
   * @param {import('./ticket.js').TicketSource} options.tickets
   * @param {import('./surroundings.js').Surroundings} options.around
   * @param {() => number} [options.now] Unix milliseconds.
   * @param {import('../lib/timers.js').Timers} [options.timers]
   */
  constructor({
    config,
    store,
    createClient,
    createMesh,
    media,
    deviceList,
    preferences,
    seat,
    tickets,
    around,
    now = Date.now,
    timers = systemTimers,
  }) {
    this.#timers = new TimerScope(timers);
    this.#config = config;
    this.#store = store;
    this.#createClient = createClient;
    this.#seat = seat;
    this.#tickets = tickets;
    this.#around = around;
    this.#now = now;
    this.#devices = new Devices({
      media,
      list: deviceList,
      preferences,
      store,
      changed: {
        tracks: (tracks) => this.#links.setTracks(tracks),
        presence: () => this.#links.setPresence(this.#state.self.presence),
      },
    });
    this.owner = new Owner({ store, client: () => this.#client });
    const transport = {
      send: (/** @type {any} */ frame) => this.#client?.send(frame) ?? false,
      online: () => this.#client?.status === 'online',
    };
    this.#links = new Links({
      store,
      createMesh: () => createMesh({ transport }),
      localTracks: () => this.#devices.tracks,
      needIce: () => this.#client?.send({ type: 'ice.refresh' }),
      now,
      timers,
    });
  }

  /** Opens the lobby: devices, seat, and the socket, which a guest has also without a name. */
  async start() {
    const { signal } = this.#abort;
    watch(
      this.#around,
      {
        network: (online) => this.#store.dispatch({ type: 'network', online }),
        changed: () => this.#networkChanged(),
        visible: () => {
          this.#client?.reconnectNow();
          this.#devices.revive();
        },
        touched: () => this.#touched(),
      },
      signal,
    );
    const devices = this.#devices.start();
    this.#seatToken = await this.#seat.claim();
    if (this.#client === null && !this.#closed) {
      this.#openClient();
    }
    await devices;
  }

  // --- What the person does --------------------------------------------------------
  /** @param {string} raw What a guest has typed so far. */
  named(raw) {
    this.#timers.set('name', NAME_MS, () => {
      const name = cleanName(raw);
      const due = name !== '' && name !== this.#helloName && this.#state.phase.name === 'setup';
      if (due && !this.#config.signedIn && !this.#closed) {
        this.#openClient(name);
      }
    });
  }

  /** @param {string} name As typed; ignored for an account, which has one. */
  join(name) {
    this.#store.dispatch({ type: 'join.asked', name });
    if (this.#state.phase.name !== 'connecting') {
      return;
    }
    this.#joinDue = true;
    this.#timers.clear('name');
    const renamed = !this.#config.signedIn && this.#state.self.name !== this.#helloName;
    if (this.#client === null || renamed) {
      this.#openClient();
    }
    this.#enterIfDue();
  }

  /** Takes back a join that has not led into the call yet. */
  withdraw() {
    this.#joinDue = false;
    this.#store.dispatch({ type: 'join.withdrawn' });
    if (this.#state.phase.name !== 'setup') {
      return;
    }
    this.#closeClient({ leave: true });
    this.#links.renew();
    this.#openClient();
  }

  hangUp() {
    this.#closeClient({ leave: true });
    this.#seat.forget();
    this.#store.dispatch({ type: 'call.left' });
    this.close();
  }

  /** @param {boolean} on */
  setAudio(on) {
    return this.#devices.setAudio(on);
  }

  /** @param {boolean} on */
  setVideo(on) {
    return this.#devices.setVideo(on);
  }

  toggleScreen() {
    return this.#devices.toggleScreen();
  }

  /** Choosing, retrying and tuning of devices. */
  get devices() {
    return this.#devices;
  }

  /** How links are made has changed: it holds from the next join on. */
  renewLinks() {
    if (this.#state.phase.name === 'setup') {
      this.#links.renew();
    }
  }

  /** @param {boolean} up */
  setHand(up) {
    this.#store.dispatch({ type: 'self.presence', patch: { hand: up } });
    this.#links.setPresence(this.#state.self.presence);
  }

  /** @returns {Iterable<readonly [string, number]>} How loud each peer is now, from 0 to 1. */
  levels() {
    return this.#links.levels();
  }

  /** Tries the server and every link at once, instead of at the next turn. */
  reconnect() {
    this.#networkChanged();
  }

  /**
   * @param {string} raw
   * @returns {boolean} Whether it went on its way; the text is kept for editing if not.
   */
  sendChat(raw) {
    const text = cleanChat(raw);
    if (text === '' || this.#state.phase.name !== 'joined') {
      return false;
    }
    if (byteLength(text) > CHAT_BYTES) {
      this.#store.dispatch({ type: 'notice', code: 'chat_too_long' });
      return false;
    }
    if (this.#links.chatWaiting >= MAX_WAITING_CHAT) {
      this.#store.dispatch({ type: 'notice', code: 'chat_waits' });
      return false;
    }
    this.#store.dispatch({ type: 'notice.settled', codes: ['chat_too_long', 'chat_waits'] });
    const messageId = this.#links.sendChat(text);
    this.#store.dispatch({ type: 'chat.sent', messageId, text, at: this.#now() });
    return true;
  }

  /**
   * @param {string | null} peerId Null: this page's own.
   * @param {import('./types.js').Source} source
   * @returns {MediaStreamTrack | null}
   */
  track(peerId, source) {
    return peerId === null ? this.#devices.tracks[source] : this.#links.tracks.get(peerId, source);
  }

  /** Ends everything that this page opened; the seat stays, as for a reload. */
  close() {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    this.#timers.close();
    this.#abort.abort();
    this.#closeClient();
    this.#links.close();
    this.#devices.close();
    this.#seat.close();
  }

  // --- Signalling --------------------------------------------------------------------
  get #state() {
    return this.#store.state;
  }

  /** @param {string} [name] */
  #openClient(name = this.#state.self.name) {
    this.#closeClient();
    this.#clientAbort = new AbortController();
    this.#helloName = name;
    const client = this.#createClient({ url: this.#config.wsUrl, hello: () => this.#hello() });
    const options = { signal: this.#clientAbort.signal };
    this.#client = client;
    client.on('status', (status) => this.#statusChanged(status), options);
    client.on('stopped', (reason) => this.#stopped(reason), options);
    client.on('welcome', (message) => this.#welcomed(message), options);
    client.on('room.state', (message) => this.#roomState(message), options);
    client.on('peer.gone', (message) => this.#peerGone(message), options);
    client.on('ice.servers', (message) => this.#links.newIceServers(message.ice_servers), options);
    for (const type of FOR_STATE) {
      client.on(type, (message) => this.#reduce(message), options);
    }
    for (const type of FOR_MESH) {
      client.on(type, (message) => this.#links.receive(message), options);
    }
    client.start();
  }

  /** @param {{ leave?: boolean }} [options] leave: the others see it at once. */
  #closeClient(options) {
    this.#clientAbort.abort();
    this.#client?.stop(options);
    this.#client = null;
    this.#roster = null;
  }

  async #hello() {
    const { signedIn } = this.#config;
    try {
      const ticket = await this.#tickets.current();
      if (ticket === null) {
        throw new Error('no ticket now');
      }
      return { ticket, name: (!signedIn && this.#helloName) || null, seat: this.#seatToken };
    } catch (error) {
      if (error instanceof TicketRefused) {
        this.#end(error.code);
      }
      throw error;
    }
  }

  /** @param {any} message A server message that is the reducer's. */
  #reduce(message) {
    const { name } = this.#state.phase;
    this.#store.dispatch({ type: 'server', message, at: this.#now() });
    if (message.type === 'seat') {
      this.#keepSeat(message.seat_token);
      this.#links.configure();
    }
    const after = this.#state.phase.name;
    if (after === 'ended' && name !== 'ended') {
      this.close();
    } else if (after === 'setup' && name !== 'setup') {
      this.#joinDue = false;
      this.#links.renew();
    }
  }

  /** @param {string} status */
  #statusChanged(status) {
    if (status === 'connecting' || status === 'online' || status === 'reconnecting') {
      this.#store.dispatch({ type: 'signaling.status', status });
    }
  }

  /** @param {any} message */
  #welcomed(message) {
    if (this.#config.signedIn && message.role === 'guest') {
      // The new ticket of an account's page is a guest's: somebody logged out in another tab.
      this.#end('unauthenticated');
      return;
    }
    this.#reduce(message);
    this.#ticketRenewed = false;
    this.#keepSeat(message.seat_token);
    this.#roster = null;
    this.#links.configure(message.ice_servers);
    const { name } = this.#state.phase;
    const settled = message.resumed && (name === 'joined' || name === 'waiting');
    this.#joinDue = name !== 'setup' && !settled;
    this.#enterIfDue();
  }

  /** @param {any} message */
  #roomState(message) {
    this.#roster = message.peers;
    this.#reduce(message);
    this.#links.roomState(message);
    this.#enterIfDue();
  }

  /** @param {any} message */
  #peerGone(message) {
    this.#reduce(message);
    this.#links.peerGone(message);
  }

  /** @param {{ code: string }} reason */
  #stopped({ code }) {
    if (STALE_TICKET.has(code) && !this.#ticketRenewed) {
      this.#ticketRenewed = true;
      this.#tickets.invalidate();
      this.#client?.start();
    } else {
      this.#end(code);
    }
  }

  /** @param {string} code */
  #end(code) {
    if (SEAT_LOST.has(code)) {
      this.#seat.forget();
    }
    this.#store.dispatch({ type: 'signaling.stopped', code });
    this.close();
  }

  /** @param {string} token */
  #keepSeat(token) {
    this.#seatToken = token;
    this.#seat.keep(token);
  }

  // --- Entering ----------------------------------------------------------------------
  #enterIfDue() {
    const { phase, welcomed, room } = this.#state;
    if (!this.#joinDue || !welcomed || phase.name === 'setup' || phase.name === 'ended') {
      return;
    }
    const known = this.#roster;
    if (known?.some((peer) => peer.peer_id === this.#state.self.peerId)) {
      this.#joinDue = false;
      return;
    }
    if (known === null && room.admission === 'open') {
      return;
    }
    void this.#enter(known ?? []);
  }

  /** @param {RosterPeer[]} peers */
  async #enter(peers) {
    const client = this.#client;
    const sent = client?.send({ type: 'join', presence: this.#state.self.presence }) ?? false;
    this.#joinDue = !sent;
    if (!sent || peers.length === 0) {
      return;
    }
    for (const offer of await this.#links.offersFor(peers)) {
      client?.send(offer);
    }
  }

  #touched() {
    if (this.#state.phase.name === 'setup') {
      this.#links.warm();
    }
  }

  #networkChanged() {
    this.#client?.reconnectNow();
    this.#links.networkChanged();
  }
}
