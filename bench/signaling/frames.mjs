/** WebSocket frames (RFC 6455 section 5.2), as little of them as a load needs. */

export const OPCODE = Object.freeze({ text: 1, close: 8, ping: 9, pong: 10 });

/** Masked with the key zero: as much work for the server, none for the generator. */
export function clientFrame(/** @type {string | Buffer} */ content, opcode = OPCODE.text) {
  const payload = Buffer.from(content);
  const length = payload.length;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + extended + 4 + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(length, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  payload.copy(frame, 2 + extended + 4);
  return frame;
}

/** Cuts a byte stream into frames; takes masked and unmasked ones. */
export class FrameReader {
  #onFrame;
  #rest = Buffer.alloc(0);

  constructor(/** @type {(opcode: number, payload: Buffer) => void} */ onFrame) {
    this.#onFrame = onFrame;
  }

  push(/** @type {Buffer} */ data) {
    let buffer = this.#rest.length ? Buffer.concat([this.#rest, data]) : data;
    for (let taken = this.#take(buffer); taken > 0; taken = this.#take(buffer)) {
      buffer = buffer.subarray(taken);
    }
    this.#rest = buffer;
  }

  /** Hands on the first whole frame; returns its length, 0 when there is none. */
  #take(/** @type {Buffer} */ buffer) {
    if (buffer.length < 2) return 0;
    const short = buffer[1] & 0x7f;
    const masked = buffer[1] & 0x80;
    let at = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (buffer.length < at) return 0;
    const length =
      short < 126
        ? short
        : short === 126
          ? buffer.readUInt16BE(2)
          : Number(buffer.readBigUInt64BE(2));
    const key = masked ? at : 0;
    if (masked) at += 4;
    if (buffer.length < at + length) return 0;
    let payload = buffer.subarray(at, at + length);
    if (masked && buffer.readUInt32BE(key) !== 0) {
      payload = Buffer.from(payload.map((byte, n) => byte ^ buffer[key + (n & 3)]));
    }
    this.#onFrame(buffer[0] & 0x0f, payload);
    return at + length;
  }
}
