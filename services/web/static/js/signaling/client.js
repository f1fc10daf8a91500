/**
 * The page's one conversation with the signalling server, over as many sockets as it takes.
 *
 * Owns the connection status, the resume and seat tokens, the newest roster revision and
 * the requests that wait for an answer. Refuses to queue: a message that cannot go now is
 * the sender's to repeat, because links repair themselves and rosters are sent whole.
 * `bye.action` decides what comes next; without a `bye` it is always another attempt.
 */

import { Emitter } from '../lib/emitter.js';
import { log } from '../lib/log.js';
import { systemTimers, TimerScope } from '../lib/timers.js';
import { backoffMs } from './backoff.js';
import { Socket } from './socket.js';

const REQUEST_MS = 10_000;
const WELCOME_MS = 10_000;
const STALE_CONNECT_MS = 3_000;
const MAX_REQUESTS = 64;
/** Optional parts of the protocol that this client speaks. None is optional yet. */
const FEATURES = /** @type {string[]} */ ([]);

/** @typedef {"idle" | "connecting" | "online" | "reconnecting" | "stopped"} Status */

export class SignalingError extends Error {
  /** @param {{ code: string, message: string, retryAfterMs?: number | null }} fields */
  constructor({ code, message, retryAfterMs = null }) {
    super(message);
    this.name = 'SignalingError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** @typedef {{ resolve: (message: any) => void, reject: (error: SignalingError) => void }} Waiting */

export class SignalingClient {
  #url;
  #hello;
  #socketFactory;
  #backoff;
  #clock;
  #random;
  #timers;
  /** @type {Emitter<Record<string, any>>} */
  #events = new Emitter();
  /** @type {Status} */
  #status = 'idle';
  /** @type {Socket | null} */
  #socket = null;
  #connectingSince = 0;
  #attempt = 0;
  /** @type {string | null} */
  #resumeToken = null;
  /** @type {string | null} */
  #seatToken = null;
  /** @type {string | null} */
  #peerId = null;
  /** @type {{ epoch: string, rev: number } | null} */
  #roster = null;
  /** @type {{ action: string, retryAfterMs: number | null } | null} */
  #bye = null;
  #nextId = 1;
  /** @type {Map<string, Waiting>} */
  #waiting = new Map();

  /**
   * @param {object} options
   * @param {string} options.url
   * @param {() => object | Promise<object>} options.hello fields of `hello` (ticket, name, seat
   *   from an earlier page load); asked at each attempt, so a fresh ticket can be fetched
   * @param {(url: string, protocol: string) => WebSocket} [options.socketFactory]
   * @param {(attempt: number, random: () => number) => number} [options.backoff] milliseconds
   * @param {import("../lib/timers.js").Timers} [options.timers]
   * @param {() => number} [options.random]
   */
  constructor({
    url,
    hello,
    socketFactory = (address, protocol) => new WebSocket(address, protocol),
    backoff = backoffMs,
    timers = systemTimers,
    random = Math.random,
  }) {
    this.#url = url;
    this.#hello = hello;
    this.#socketFactory = socketFactory;
    this.#backoff = backoff;
    this.#clock = timers;
    this.#random = random;
    this.#timers = new TimerScope(timers);
  }

  get status() {
    return this.#status;
  }

  /** Worth keeping in sessionStorage: it takes the same seat after a reload. */
  get seatToken() {
    return this.#seatToken;
  }

  get peerId() {
    return this.#peerId;
  }

  /**
   * Every server message by its type, `status` with the Status, `stopped` with
   * `{code, action}`.
   *
   * @param {string} type
   * @param {(payload: any) => void} listener
   * @param {{ signal?: AbortSignal }} [options]
   */
  on(type, listener, options) {
    return this.#events.on(type, listener, options);
  }

  start() {
    if (this.#status !== 'idle' && this.#status !== 'stopped') return;
    this.#timers = new TimerScope(this.#clock);
    this.#attempt = 0;
    this.#setStatus('connecting');
    this.#connect();
  }

  /** @param {{ leave?: boolean }} [options] leave: give the seat up at once */
  stop({ leave = false } = {}) {
    if (leave) this.send({ type: 'leave' });
    this.#end({ code: leave ? 'left' : 'stopped', action: 'stop' });
  }

  /** The network or the visibility changed: try at once, or check what we believe to have. */
  reconnectNow() {
    if (this.#status === 'online') this.#socket?.probe();
    else if (this.#status === 'connecting' || this.#status === 'reconnecting') {
      const stale = this.#clock.now() - this.#connectingSince > STALE_CONNECT_MS;
      if (this.#socket && !stale) return;
      this.#dropSocket();
      this.#attempt = 0;
      this.#connect();
    }
  }

  /**
   * @param {{ type: string } & Record<string, any>} message
   * @returns {boolean} false when not online
   */
  send(message) {
    if (this.#status !== 'online') return false;
    return this.#socket?.send(message) ?? false;
  }

  /**
   * @param {{ type: string } & Record<string, any>} message
   * @returns {Promise<any>} the answer: an `ack`, or the message that repeats the id
   * @throws {SignalingError} of the server, or `offline`, `timeout`
   */
  request(message) {
    return new Promise((resolve, reject) => {
      const id = `r${this.#nextId++}`;
      if (this.#waiting.size >= MAX_REQUESTS || !this.send({ ...message, id })) {
        reject(new SignalingError({ code: 'offline', message: 'Not connected.' }));
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.#timers.set(`request ${id}`, REQUEST_MS, () =>
        this.#settle(id, new SignalingError({ code: 'timeout', message: 'No answer.' })),
      );
    });
  }

  #connect() {
    this.#timers.clear('retry');
    this.#bye = null;
    this.#connectingSince = this.#clock.now();
    /** @type {Socket} */
    const socket = new Socket({
      url: this.#url,
      socketFactory: this.#socketFactory,
      timers: this.#clock,
      ping: () => ({ type: 'ping', t: this.#clock.now(), ...this.#revision() }),
      events: {
        onOpen: () => void this.#greet(socket),
        onMessage: (message) => this.#receive(message),
        onClose: (code) => this.#lost(code),
      },
    });
    this.#socket = socket;
  }

  #revision() {
    return this.#roster ? { rev: this.#roster.rev } : {};
  }

  /** @param {Socket} socket */
  async #greet(socket) {
    this.#timers.set('welcome', WELCOME_MS, () => this.#abandon());
    let fields = {};
    try {
      fields = await this.#hello();
    } catch {
      if (socket === this.#socket) this.#abandon();
      return;
    }
    if (socket !== this.#socket) return;
    /** @type {Record<string, unknown>} */
    const hello = { type: 'hello', features: FEATURES, ...fields };
    if (this.#seatToken) hello.seat = this.#seatToken;
    if (this.#resumeToken) hello.resume = this.#resumeToken;
    for (const [name, value] of Object.entries(hello)) if (value == null) delete hello[name];
    socket.send(hello);
  }

  #abandon() {
    this.#dropSocket();
    this.#lost(1006);
  }

  /** @param {{ type: string } & Record<string, any>} message */
  #receive(message) {
    switch (message.type) {
      case 'welcome':
        this.#welcome(message);
        return;
      case 'seat':
        this.#seatToken = message.seat_token;
        break;
      case 'room.state':
        if (!this.#isNewRoster(message)) return;
        this.#roster = { epoch: message.epoch, rev: message.rev };
        break;
      case 'bye':
        this.#bye = { action: message.action, retryAfterMs: message.retry_after_ms ?? null };
        break;
    }
    if (typeof message.re === 'string') this.#answer(message);
    this.#events.emit(message.type, message);
    if (message.type === 'bye') this.#goodbye(message);
  }

  /** @param {Record<string, any>} message */
  #welcome(message) {
    this.#timers.clear('welcome');
    this.#resumeToken = message.resume_token;
    this.#seatToken = message.seat_token;
    this.#peerId = message.peer_id;
    // A welcome opens a new view of the room: whatever roster follows it is the newest.
    this.#roster = null;
    this.#attempt = 0;
    this.#socket?.keepAlive(message.heartbeat_s);
    this.#setStatus('online');
    this.#events.emit('welcome', message);
  }

  /** @param {Record<string, any>} state */
  #isNewRoster(state) {
    return !this.#roster || this.#roster.epoch !== state.epoch || state.rev > this.#roster.rev;
  }

  /** @param {Record<string, any>} message */
  #answer(message) {
    if (message.type === 'error') {
      const { code, message: text, retry_after_ms: retryAfterMs } = message;
      this.#settle(message.re, new SignalingError({ code, message: text, retryAfterMs }));
    } else {
      this.#settle(message.re, null, message);
    }
  }

  /**
   * @param {string} id
   * @param {SignalingError | null} error
   * @param {any} [message]
   */
  #settle(id, error, message) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    this.#timers.clear(`request ${id}`);
    if (error) waiting.reject(error);
    else waiting.resolve(message);
  }

  /** @param {Record<string, any>} bye */
  #goodbye(bye) {
    if (bye.action === 'stop') {
      this.#end({ code: bye.code, action: bye.action });
      return;
    }
    if (bye.action === 'rejoin') this.#resumeToken = null;
    this.#abandon();
  }

  /** @param {number} code */
  #lost(code) {
    if (this.#status === 'stopped') return;
    log('signaling.lost', { code, attempt: this.#attempt });
    this.#socket = null;
    this.#timers.clear('welcome');
    this.#failRequests();
    const wait = this.#bye?.retryAfterMs ?? this.#backoff(this.#attempt++, this.#random);
    this.#bye = null;
    if (this.#status === 'online') this.#setStatus('reconnecting');
    this.#timers.set('retry', wait, () => this.#connect());
  }

  #failRequests() {
    for (const id of [...this.#waiting.keys()]) {
      this.#settle(id, new SignalingError({ code: 'offline', message: 'Connection lost.' }));
    }
  }

  #dropSocket() {
    this.#socket?.close();
    this.#socket = null;
  }

  /** @param {{ code: string, action: string }} reason */
  #end(reason) {
    if (this.#status === 'stopped') return;
    this.#dropSocket();
    this.#failRequests();
    this.#timers.close();
    this.#setStatus('stopped');
    this.#events.emit('stopped', reason);
  }

  /** @param {Status} status */
  #setStatus(status) {
    if (this.#status === status) return;
    this.#status = status;
    this.#events.emit('status', status);
  }
}
