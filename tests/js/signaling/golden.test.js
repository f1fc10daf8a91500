/**
 * The page against the golden frames and the published schema: every type that the server
 * may say has an effect here, and everything that the page says is what the schema allows.
 */

import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { test } from 'node:test';
import { CallController } from '../../../services/web/static/js/call/controller.js';
import { Preferences } from '../../../services/web/static/js/call/preferences.js';
import { initialState, reduce } from '../../../services/web/static/js/call/state.js';
import { Store } from '../../../services/web/static/js/call/store.js';
import { Mesh } from '../../../services/web/static/js/rtc/mesh.js';
import { SignalingClient } from '../../../services/web/static/js/signaling/client.js';
import {
  ANA,
  FakeDeviceList,
  FakeMedia,
  FakeMesh,
  listed,
  ME,
  memory,
  noticed,
  roomState,
  welcome,
} from '../call/support.js';
import { FakeClock } from '../fakes/clock.js';
import { FakeStream } from '../fakes/media.js';
import { FakeNetwork } from '../fakes/network.js';
import { FakePeerConnection } from '../fakes/peer_connection.js';
import { FakeSocket } from '../fakes/socket.js';
import { golden, published } from './schema.js';

// One signal ends all that a controller listens to; Node takes that for a leak.
setMaxListeners(0);

const CONFIG = /** @type {any} */ ({
  wsUrl: 'wss://call.test/ws/',
  signedIn: false,
  needsName: true,
  roomName: 'Team',
  name: 'Me',
  role: 'owner',
});
const TURN = [{ urls: ['turn:turn.test'], username: 'u', credential: 'c' }];
/** Who says and does things in the golden frames. */
const THEY = 'A'.repeat(22);
const me = listed(ME, { order: 99 });

/**
 * A page whose socket, clock, devices and browser engine are the test's; all else is real.
 *
 * @param {(options: { transport: any }, clock: FakeClock) => any} createMesh
 */
async function page(createMesh) {
  const clock = new FakeClock();
  const store = new Store(reduce, initialState(CONFIG));
  /** @type {FakeSocket[]} */
  const sockets = [];
  /** @type {SignalingClient[]} */
  const clients = [];
  /** @type {any[]} */
  const meshes = [];
  const seat = { claim: async () => null, keep() {}, forget() {}, close() {} };
  const nothing = new EventTarget();
  const controller = new CallController({
    config: CONFIG,
    store,
    createClient: (options) => {
      const client = new SignalingClient({
        ...options,
        timers: clock,
        socketFactory: (url, protocol) => {
          const socket = new FakeSocket(url, protocol);
          sockets.push(socket);
          return /** @type {any} */ (socket);
        },
      });
      clients.push(client);
      return client;
    },
    createMesh: (options) => {
      meshes.push(createMesh(options, clock));
      return meshes.at(-1);
    },
    media: /** @type {any} */ (new FakeMedia()),
    deviceList: new FakeDeviceList(),
    preferences: new Preferences({ storage: () => memory() }),
    seat: /** @type {any} */ (seat),
    tickets: /** @type {any} */ ({ current: async () => 'ticket', invalidate() {} }),
    around: /** @type {any} */ ({
      window: nothing,
      document: nothing,
      connection: nothing,
      isOnline: () => true,
    }),
    timers: clock,
  });
  await controller.start();
  /** @type {any} */ (sockets[0]).open();
  await clock.settle();
  return {
    controller,
    store,
    clock,
    sockets,
    meshes,
    client: /** @type {SignalingClient} */ (clients[0]),
    socket: /** @type {FakeSocket} */ (sockets[0]),
    mesh: meshes[0],
  };
}

/** @typedef {Awaited<ReturnType<typeof page>>} Page */

/** @param {Page} at @param {any[]} others */
async function enter(at, others) {
  at.socket.say(welcome({ role: 'owner', ice_servers: TURN }));
  at.socket.say(roomState(others));
  at.controller.join('Me');
  await at.clock.settle();
  at.socket.say({ type: 'seat', seat_token: 'seat', order: 99 });
  at.socket.say(roomState([...others, me], { rev: 2, admission: 'open' }));
  await at.clock.settle();
}

/**
 * What each message must do, in a call with `THEY`, or in the place that `from` names.
 *
 * @type {Record<string, { from?: 'hello' | 'asking', does: (at: Page, frame: any) => void | Promise<void> }>}
 */
const EFFECTS = {
  welcome: {
    from: 'hello',
    does: ({ client, store }, frame) => {
      assert.equal(client.status, 'online');
      assert.equal(client.peerId, frame.peer_id);
      assert.equal(client.seatToken, frame.seat_token);
      assert.equal(store.state.room.admission, frame.admission);
      assert.equal(store.state.self.order, frame.order);
    },
  },
  seat: {
    does: ({ client, store }, frame) => {
      assert.equal(client.seatToken, frame.seat_token);
      assert.equal(store.state.self.order, frame.order);
    },
  },
  'room.state': {
    does: ({ store, mesh }, frame) => {
      const { room, peers, waiting } = store.state;
      const shown = { epoch: room.epoch, rev: room.rev, locked: room.locked };
      assert.deepEqual(shown, { epoch: frame.epoch, rev: frame.rev, locked: frame.locked });
      const ids = (/** @type {any[]} */ list) => list.map((one) => one.peer_id);
      const here = peers.filter((peer) => !peer.absent).map(({ id }) => id);
      assert.deepEqual(here.sort(), ids(frame.peers).sort());
      assert.deepEqual(
        waiting.map(({ peerId }) => peerId),
        ids(frame.waiting),
      );
      assert.deepEqual(mesh.states.at(-1), frame);
    },
  },
  'room.waiting': {
    from: 'asking',
    does: ({ store }) => assert.equal(store.state.phase.name, 'waiting'),
  },
  'room.knock': {
    does: ({ store }, { peer_id, name }) =>
      assert.deepEqual(store.state.waiting, [{ peerId: peer_id, name }]),
  },
  'peer.description': { does: reachesTheMesh },
  'peer.candidates': { does: reachesTheMesh },
  'chat.message': { does: reachesTheMesh },
  'peer.gone': {
    does: ({ store, mesh }, frame) => {
      assert.ok(!store.state.peers.some(({ id }) => id === frame.peer_id));
      assert.deepEqual(mesh.gone, [frame]);
    },
  },
  'ice.servers': {
    does: ({ mesh }, frame) => assert.deepEqual(mesh.iceServers, [frame.ice_servers]),
  },
  ask_mute: { does: ({ store }) => assert.deepEqual(noticed(store.state), ['asked_to_mute']) },
  ack: {
    does: async ({ socket, client }, frame) => {
      const answered = client.request({ type: 'room.lock', locked: true });
      socket.say({ ...frame, re: socket.sent.at(-1).id });
      assert.equal((await answered).type, 'ack');
    },
  },
  error: {
    does: async ({ socket, client, store }, frame) => {
      assert.ok(noticed(store.state).includes(frame.code));
      const refused = client.request({ type: 'room.lock', locked: true });
      socket.say({ ...frame, re: socket.sent.at(-1).id });
      const retryAfterMs = frame.retry_after_ms ?? null;
      await assert.rejects(refused, { code: frame.code, message: frame.message, retryAfterMs });
    },
  },
  pong: {
    does: async ({ client, clock, socket }, frame) => {
      client.reconnectNow();
      assert.equal(socket.sent.at(-1).type, 'ping');
      socket.say(frame);
      await clock.advance(3_000);
      assert.equal(client.status, 'online');
    },
  },
  bye: {
    does: async ({ client, clock, sockets }, frame) => {
      if (frame.action === 'stop') {
        assert.equal(client.status, 'stopped');
        return;
      }
      assert.equal(client.status, 'reconnecting');
      await clock.advance(frame.retry_after_ms);
      assert.equal(sockets.length, 2);
    },
  },
};

/** @param {Page} at @param {any} frame */
function reachesTheMesh({ mesh }, frame) {
  assert.deepEqual(mesh.received, [frame]);
}

/** @param {'hello' | 'asking' | undefined} from */
async function place(from) {
  const at = await page((options) => new FakeMesh(options));
  if (from === undefined) {
    await at.controller.setAudio(true);
    await enter(at, [listed(THEY)]);
  } else if (from === 'asking') {
    at.socket.say(welcome({ admission: 'ask' }));
    at.controller.join('Me');
    await at.clock.settle();
  }
  return at;
}

for (const { name, frame } of golden('server.valid')) {
  test(`the golden frame "${name}" is passed on and has its effect`, async () => {
    const expected = EFFECTS[frame.type];
    assert.ok(expected, `no effect is expected here of ${frame.type}`);
    const at = await place(expected.from);
    /** @type {any[]} */
    const heard = [];
    at.client.on(frame.type, (message) => heard.push(message));
    at.socket.say(frame);
    await at.clock.settle();
    assert.deepEqual(heard, [frame]);
    await expected.does(at, frame);
    at.controller.close();
  });
}

for (const side of /** @type {const} */ (['client', 'server', 'link'])) {
  const { types, faults } = published(side);

  test(`the published schema and the golden frames of ${side} name the same types`, () => {
    assert.deepEqual(new Set(golden(`${side}.valid`).map(({ frame }) => frame.type)), types);
  });

  test(`the golden frames of ${side} keep to the published schema`, () => {
    for (const { name, frame } of golden(`${side}.valid`))
      assert.deepEqual(faults(frame), [], name);
  });
}

for (const { name, frame } of golden('server.invalid')) {
  test(`the published schema refuses the golden frame "${name}"`, () => {
    assert.notDeepEqual(published('server').faults(frame), []);
  });
}

/** A page in a call with another mesh, by way of a server that carries what is addressed. */
async function call() {
  /** @type {FakeNetwork | null} */
  let network = null;
  const create = (/** @type {any} */ options, /** @type {FakeClock} */ clock) => {
    network ??= new FakeNetwork({ timers: clock });
    const wire = network;
    return new Mesh({
      ...options,
      timers: clock,
      createPeerConnection: (config) => /** @type {any} */ (new FakePeerConnection(config, wire)),
      createMediaStream: () => /** @type {any} */ (new FakeStream()),
    });
  };
  const at = await page(create);
  const theirs = create(
    { transport: { online: () => true, send: (/** @type {any} */ frame) => carry(frame) } },
    at.clock,
  );
  const carry = (/** @type {any} */ frame) => {
    if (frame.to === undefined) return true;
    const { to: _, ...rest } = frame;
    at.clock.set(() => at.socket.say({ ...rest, from: ANA }), 10);
    return true;
  };
  const record = at.socket.send.bind(at.socket);
  at.socket.send = (text) => {
    record(text);
    const { to, ...rest } = JSON.parse(text);
    const type = rest.type === 'chat.send' ? 'chat.message' : rest.type;
    if (to === ANA) at.clock.set(() => theirs.receive({ ...rest, type, from: ME }), 10);
  };
  theirs.configure({ selfId: ANA, order: 1, iceServers: [] });
  return { at, theirs };
}

test('all that a page says in a call keeps to the published schema, and leaves out no type', async () => {
  const { at, theirs } = await call();
  const { client, clock, controller, socket } = at;
  await enter(at, [listed(ANA)]);
  controller.sendChat('before any link');
  theirs.applyRoomState({ epoch: 'e', rev: 1, peers: [listed(ANA), me] });
  await clock.advance(5_000);
  controller.setHand(true);
  const requests = [
    controller.owner.admit(ANA),
    controller.owner.deny(ANA),
    controller.owner.askMute(ANA),
    controller.owner.remove(ANA),
    controller.owner.lock(true),
  ];
  for (const { id } of socket.sent.filter((message) => message.id))
    socket.say({ type: 'ack', re: id });
  await Promise.all(requests);
  client.reconnectNow();
  socket.say({ type: 'pong', t: 0, server_time: 0 });
  for (let minute = 0; minute < 6; minute += 1) {
    for (let beat = 0; beat < 12; beat += 1) {
      await clock.advance(5_000);
      socket.say({ type: 'pong', t: 0, server_time: 0 });
    }
  }
  controller.reconnect();
  await clock.advance(1_000);
  controller.hangUp();
  theirs.close();

  const { types, faults } = published('client');
  for (const message of socket.sent) assert.deepEqual(faults(message), []);
  assert.deepEqual(new Set(socket.sent.map(({ type }) => type)), types);
});
