/**
 * The nearest product's way: socket.io, rooms, no authentication, no validation.
 *
 * `relay_socketio.mjs ADDRESS PORT MODULES`, where MODULES is a directory into which
 * the benchmark has installed socket.io.
 */

import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const [address, port, modules] = process.argv.slice(2);
const { Server } = createRequire(`${modules}/`)('socket.io');

const http = createServer();
const io = new Server(http, { transports: ['websocket'] });
io.on('connection', (socket) => {
  let room = '';
  socket.on('join', (name) => {
    room = name;
    socket.join(room);
    socket.emit('joined', room);
  });
  socket.on('signal', (message) => socket.to(room).emit('signal', message));
});
http.listen({ host: address, port: Number(port), backlog: 4096 });
