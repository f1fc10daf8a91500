/**
 * How to talk to each server under load: enter a room, hand a text to the other.
 *
 * A dialect knows the path, what to say on the way in, and how a stamped text is
 * wrapped. It never looks into a stamped frame: load.mjs finds the stamp by itself.
 *
 * @typedef {{
 *   path(seat: Seat): string,
 *   protocol?: string,
 *   alive?: {text: string, everyMs: number},
 *   enter(client: Client): void,
 *   control(client: Client, text: string): void,
 *   wrap(client: Client, text: string, kind: 'offer'|'answer'|'candidate'): string,
 * }} Dialect
 * @typedef {{room: string, ticket?: string, port: number}} Seat
 * @typedef {import('./client.mjs').Client} Client
 */

/** The floors: everything sent on a path reaches the others on it. @type {Dialect} */
const bare = {
  path: (seat) => `/ws/${seat.room}`,
  enter: (client) => client.entered(),
  control: () => {},
  wrap: (_, text, kind) => JSON.stringify({ type: kind, text }),
};

/** engine.io 4 and socket.io 5 packets, as a browser sends them. @type {Dialect} */
const socketio = {
  path: () => '/socket.io/?EIO=4&transport=websocket',
  enter: () => {},
  control(client, text) {
    if (text.startsWith('0')) client.send('40');
    else if (text.startsWith('40')) client.send(`42["join","${client.seat.room}"]`);
    else if (text.startsWith('42["joined"')) client.entered();
    else if (text === '2') client.send('3');
  },
  wrap: (_, text, kind) => `42${JSON.stringify(['signal', { type: kind, text }])}`,
};

const OFF = { audio: true, video: true, screen: false, hand: false };

/** Traverse, protocol call.v1. @type {Dialect} */
const product = {
  path: (seat) => `/ws/rooms/${seat.room}/`,
  protocol: 'call.v1',
  // `heartbeat_s` of `welcome`: who says nothing for longer loses the lease.
  alive: { text: '{"type":"ping","t":0}', everyMs: 10_000 },
  enter(client) {
    client.send(JSON.stringify({ type: 'hello', ticket: client.seat.ticket, name: 'Bench' }));
  },
  control(client, text) {
    const message = JSON.parse(text);
    switch (message.type) {
      case 'welcome':
        client.me = message.peer_id;
        if (!client.joining) {
          client.joining = true;
          client.send(JSON.stringify({ type: 'join', presence: OFF }));
        }
        break;
      case 'room.state': {
        const ids = message.peers.map((/** @type {{peer_id: string}} */ peer) => peer.peer_id);
        if (!ids.includes(client.me)) break;
        client.other = ids.find((/** @type {string} */ id) => id !== client.me);
        client.entered();
        break;
      }
      case 'error':
      case 'bye':
        client.refused(message.code);
        break;
    }
  },
  wrap(client, text, kind) {
    const head = { to: client.other, seq: client.seq++ };
    return JSON.stringify(
      kind === 'candidate'
        ? { type: 'peer.candidates', ...head, candidates: [{ candidate: text }] }
        : {
            type: 'peer.description',
            ...head,
            kind,
            sdp: text,
            ...(kind === 'answer' ? { answers: 0 } : {}),
          },
    );
  },
};

/** @type {Record<string, Dialect>} */
export const dialects = { bare, socketio, product };
