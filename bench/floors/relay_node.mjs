/**
 * The floor of signalling on Node: a hub on bare sockets, without a library.
 *
 * Hands each text frame to the other sockets of the same path. No accounts, no
 * validation, no limits, whole frames of at most 64 KiB. `relay_node.mjs ADDRESS PORT`.
 */

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { FrameReader, OPCODE } from '../signaling/frames.mjs';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const [address, port] = process.argv.slice(2);
/** @type {Map<string, Set<import('node:net').Socket>>} */
const rooms = new Map();

/** A server's frame is not masked. */
function head(/** @type {number} */ length) {
  return length < 126
    ? Buffer.of(0x81, length)
    : Buffer.of(0x81, 126, length >> 8, length & 0xff);
}

const server = createServer((_, response) => response.end('up'));
server.on('upgrade', (request, stream) => {
  const socket = /** @type {import('node:net').Socket} */ (stream);
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + GUID)
    .digest('base64');
  socket.setNoDelay(true);
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const path = request.url ?? '/';
  const room = rooms.get(path) ?? new Set();
  rooms.set(path, room.add(socket));
  const reader = new FrameReader((opcode, payload) => {
    if (opcode !== OPCODE.text) return;
    for (const other of room) {
      if (other === socket) continue;
      other.cork();
      other.write(head(payload.length));
      other.write(payload);
      other.uncork();
    }
  });
  socket.on('data', (data) => reader.push(data));
  socket.on('error', () => socket.destroy());
  socket.on('close', () => room.delete(socket));
});
server.listen({ host: address, port: Number(port), backlog: 4096 });
