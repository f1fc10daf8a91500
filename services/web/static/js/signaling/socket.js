/**
 * One WebSocket and its liveness: text frames in and out, and the verdict "dead".
 *
 * Owns the heartbeat. A socket that the network dropped without a word stays `OPEN` for
 * minutes, so silence is the only sign: no frame within `ANSWER_MS` of a ping means dead.
 * Knows nothing of messages but `ping`.
 */

import { TimerScope } from '../lib/timers.js';

export const SUBPROTOCOL = 'call.v1';
const ANSWER_MS = 6_000;
const PROBE_MS = 2_500;
const OPEN_MS = 10_000;
const MAX_BUFFERED_BYTES = 1024 * 1024;

/**
 * @typedef {object} SocketEvents
 * @property {() => void} onOpen
 * @property {(message: { type: string } & Record<string, any>) => void} onMessage
 * @property {(code: number) => void} onClose once; 1006 when the socket was judged dead
 */

export class Socket {
  #ws;
  #events;
  #timers;
  #ping;
  #heartbeatMs = 0;
  #closed = false;

  /**
   * @param {object} options
   * @param {string} options.url
   * @param {(url: string, protocol: string) => WebSocket} options.socketFactory
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {() => object} options.ping the frame that asks the server for an answer
   * @param {SocketEvents} options.events
   */
  constructor({ url, socketFactory, timers, ping, events }) {
    this.#events = events;
    this.#ping = ping;
    this.#timers = new TimerScope(timers);
    this.#ws = socketFactory(url, SUBPROTOCOL);
    this.#ws.onopen = () => {
      this.#timers.clear('open');
      events.onOpen();
    };
    this.#ws.onmessage = ({ data }) => this.#receive(data);
    this.#ws.onclose = ({ code }) => this.#end(code);
    this.#timers.set('open', OPEN_MS, () => this.#end(1006));
  }

  /** @param {number} seconds between pings; starts the heartbeat */
  keepAlive(seconds) {
    this.#heartbeatMs = seconds * 1000;
    this.#timers.set('beat', this.#heartbeatMs, () => this.#beat());
  }

  /** Ask now and judge soon: the network may have changed under the socket. */
  probe() {
    if (this.send(this.#ping())) this.#expectAnswer(PROBE_MS);
  }

  /**
   * @param {object} message
   * @returns {boolean} false: not sent, and will not be
   */
  send(message) {
    if (this.#closed || this.#ws.readyState !== 1) return false;
    if (this.#ws.bufferedAmount > MAX_BUFFERED_BYTES) return false;
    this.#ws.send(JSON.stringify(message));
    return true;
  }

  /** Says goodbye and tells nobody: the owner asked for it. */
  close(code = 1000) {
    this.#detach();
    this.#ws.close(code);
  }

  #beat() {
    if (this.send(this.#ping())) this.#expectAnswer(ANSWER_MS);
    this.#timers.set('beat', this.#heartbeatMs, () => this.#beat());
  }

  /** @param {number} ms */
  #expectAnswer(ms) {
    if (!this.#timers.has('answer') || ms < ANSWER_MS) {
      this.#timers.set('answer', ms, () => this.#end(1006));
    }
  }

  /** @param {unknown} data */
  #receive(data) {
    this.#timers.clear('answer');
    if (typeof data !== 'string') return;
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message && typeof message === 'object' && typeof message.type === 'string') {
      this.#events.onMessage(message);
    }
  }

  /** @param {number} code */
  #end(code) {
    if (this.#closed) return;
    this.#detach();
    if (this.#ws.readyState < 2) this.#ws.close();
    this.#events.onClose(code);
  }

  #detach() {
    this.#closed = true;
    this.#timers.close();
    this.#ws.onopen = this.#ws.onmessage = this.#ws.onclose = null;
  }
}
