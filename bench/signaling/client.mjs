/** One WebSocket of a load, on a bare TCP socket; it answers pings by itself. */

import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { clientFrame, FrameReader, OPCODE } from './frames.mjs';

/** Begins every measured text; a frame without it belongs to the protocol. */
const STAMP = Buffer.from('T!');
const HANDSHAKE_END = Buffer.from('\r\n\r\n');

export const now = () => performance.now();

export class Client {
  seq = 0;
  /** The protocol's names for this client and for its partner. */
  me = '';
  other = '';
  joining = false;
  open = false;
  inside = false;
  /** @type {string[]} */
  refusals = [];
  /** When each step came, in ms: connect, open, entered, closed. */
  at = { connect: 0, open: 0, entered: 0, closed: 0 };
  /** Called with the time in ms at which the received text was stamped. */
  onText = (/** @type {number} */ _sent) => {};
  onEntered = () => {};
  onClosed = () => {};
  #reader;
  /** @type {NodeJS.Timeout | undefined} */
  #alive;

  /**
   * @param {import('./dialects.mjs').Dialect} dialect
   * @param {import('./dialects.mjs').Seat} seat
   * @param {{address: string, origin: string}} server
   */
  constructor(dialect, seat, server) {
    this.dialect = dialect;
    this.seat = seat;
    this.at.connect = now();
    this.#reader = new FrameReader((opcode, payload) => this.#frame(opcode, payload));
    this.socket = connect({ host: server.address, port: seat.port, noDelay: true });
    this.socket.on('data', (data) => this.#data(data));
    this.socket.on('error', () => this.socket.destroy());
    this.socket.on('close', () => this.#close());
    this.socket.write(
      [
        `GET ${dialect.path(seat)} HTTP/1.1`,
        `Host: ${new URL(server.origin).host}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        'Sec-WebSocket-Version: 13',
        `Origin: ${server.origin}`,
        ...(dialect.protocol ? [`Sec-WebSocket-Protocol: ${dialect.protocol}`] : []),
        '\r\n',
      ].join('\r\n'),
    );
  }

  send(/** @type {string} */ text) {
    return this.socket.write(clientFrame(text));
  }

  /** Hands the partner a text of about `size` bytes, stamped with the time. */
  sendStamped(/** @type {'offer'|'answer'|'candidate'} */ kind, /** @type {number} */ size) {
    const stamp = `T!${now().toFixed(3)};`;
    return this.send(this.dialect.wrap(this, stamp.padEnd(size, 'x'), kind));
  }

  entered() {
    if (this.inside) return;
    this.inside = true;
    this.at.entered = now();
    const { alive } = this.dialect;
    if (alive) this.#alive = setInterval(() => this.send(alive.text), alive.everyMs);
    this.onEntered();
  }

  refused(/** @type {string} */ code) {
    this.refusals.push(code);
  }

  close() {
    this.socket.destroy();
  }

  #close() {
    if (this.at.closed) return;
    this.at.closed = now();
    this.open = false;
    clearInterval(this.#alive);
    this.onClosed();
  }

  #data(/** @type {Buffer} */ data) {
    if (this.open) {
      this.#reader.push(data);
      return;
    }
    const end = data.indexOf(HANDSHAKE_END);
    if (end < 0 || !data.toString('latin1', 0, 12).endsWith('101')) {
      this.refused(data.toString('latin1', 0, 40).split('\r')[0] ?? '');
      this.socket.destroy();
      return;
    }
    this.open = true;
    this.at.open = now();
    this.dialect.enter(this);
    this.#reader.push(data.subarray(end + 4));
  }

  #frame(/** @type {number} */ opcode, /** @type {Buffer} */ payload) {
    if (opcode === OPCODE.ping) {
      this.socket.write(clientFrame(payload, OPCODE.pong));
    } else if (opcode === OPCODE.text) {
      const stamp = payload.indexOf(STAMP);
      if (stamp < 0) {
        this.dialect.control(this, payload.toString());
      } else {
        const end = payload.indexOf(0x3b, stamp);
        this.onText(Number(payload.toString('latin1', stamp + STAMP.length, end)));
      }
    }
  }
}
