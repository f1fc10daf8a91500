import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallController } from '../../../services/web/static/js/call/controller.js';
import { Preferences } from '../../../services/web/static/js/call/preferences.js';
import { whoIsThere } from '../../../services/web/static/js/call/selectors.js';
import { initialState, reduce } from '../../../services/web/static/js/call/state.js';
import { Store } from '../../../services/web/static/js/call/store.js';
import { TicketRefused } from '../../../services/web/static/js/call/ticket.js';
import { FakeClock } from '../fakes/clock.js';
import {
  ANA,
  BOB,
  FakeClient,
  FakeDeviceList,
  FakeMedia,
  FakeMesh,
  listed,
  ME,
  memory,
  noticed,
  roomState,
  welcome,
} from './support.js';

/** An event target that counts what listens. */
class CountingTarget extends EventTarget {
  visibilityState = 'visible';
  count = 0;

  /** @override @param {string} type @param {any} listener @param {any} options */
  addEventListener(type, listener, options) {
    this.count += 1;
    options?.signal?.addEventListener('abort', () => {
      this.count -= 1;
    });
    super.addEventListener(type, listener, options);
  }
}

const CONFIG = {
  roomId: 'room',
  slug: 'slug',
  wsUrl: 'wss://call.test/ws/rooms/room/',
  ticket: 'ticket',
  ticketExpiresAt: '',
  ticketUrl: 'https://call.test/ticket',
  name: 'Me',
  needsName: false,
  signedIn: true,
  roomName: 'Team',
  role: /** @type {const} */ ('member'),
  shareUrl: 'https://call.test/c/slug/',
  settingsUrl: null,
  csrfToken: 'csrf',
  turnConfigured: true,
  features: [],
  relayOnly: false,
};

/** @param {Partial<typeof CONFIG>} [changes] */
function page(changes = {}) {
  const config = { ...CONFIG, ...changes };
  const store = new Store(reduce, initialState(config));
  /** @type {FakeClient[]} */
  const clients = [];
  /** @type {FakeMesh[]} */
  const meshes = [];
  const media = new FakeMedia();
  const window = new CountingTarget();
  const document = new CountingTarget();
  const connection = new CountingTarget();
  const seat = {
    kept: /** @type {string[]} */ ([]),
    forgotten: 0,
    closed: 0,
    claim: async () => 'seat-0',
    keep: (/** @type {string} */ token) => void seat.kept.push(token),
    forget() {
      seat.forgotten += 1;
    },
    close() {
      seat.closed += 1;
    },
  };
  const tickets = {
    invalidated: 0,
    answer: /** @type {() => Promise<string | null>} */ (async () => 'ticket'),
    current: () => tickets.answer(),
    invalidate() {
      tickets.invalidated += 1;
    },
  };
  const clock = new FakeClock();
  const controller = new CallController({
    config,
    store,
    createClient: (options) => {
      const client = new FakeClient(options);
      clients.push(client);
      return client;
    },
    createMesh: (options) => {
      const mesh = new FakeMesh(options);
      meshes.push(mesh);
      return mesh;
    },
    media: /** @type {any} */ (media),
    deviceList: new FakeDeviceList(),
    preferences: new Preferences({ storage: () => memory() }),
    seat: /** @type {any} */ (seat),
    tickets: /** @type {any} */ (tickets),
    around: { window, document, connection, isOnline: () => true },
    now: () => 5,
    timers: clock,
  });
  return {
    controller,
    store,
    clock,
    media,
    seat,
    tickets,
    window,
    document,
    connection,
    clients,
    meshes,
    get client() {
      return /** @type {FakeClient} */ (clients.at(-1));
    },
    get mesh() {
      return /** @type {FakeMesh} */ (meshes.at(-1));
    },
    get phase() {
      return store.state.phase;
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const me = listed(ME, { order: 50 });
/** @param {any[]} messages @returns {string[]} */
const types = (messages) => messages.map(({ type }) => type);

/** @param {Partial<typeof CONFIG>} [changes] */
async function lobby(changes = {}) {
  const at = page(changes);
  await at.controller.start();
  at.client?.hear(welcome());
  at.client?.hear(roomState([listed(ANA)]));
  return at;
}

async function call() {
  const at = await lobby();
  at.controller.join('');
  await settled();
  at.client.hear({ type: 'seat', seat_token: 'seat-2', order: 50 });
  at.client.hear(roomState([listed(ANA), me], { rev: 2 }));
  return at;
}

test('the lobby says hello with ticket and seat, and joins nothing', async () => {
  const at = await lobby();
  assert.deepEqual(await at.client.hello(), { ticket: 'ticket', name: null, seat: 'seat-1' });
  assert.deepEqual(at.client.sent, []);
  assert.deepEqual(at.mesh.configured, [
    { selfId: ME, order: null, iceServers: welcome().ice_servers },
  ]);
  assert.deepEqual(at.seat.kept, ['seat-1']);
  assert.equal(at.phase.name, 'setup');
});

test('the first hello carries the seat of the page before', async () => {
  const at = page();
  await at.controller.start();
  assert.deepEqual(await at.client.hello(), { ticket: 'ticket', name: null, seat: 'seat-0' });
});

test('the join goes out at the click with the offers right behind it', async () => {
  const at = await lobby();
  at.controller.join('');
  assert.deepEqual(types(at.client.sent), ['join']);
  await settled();
  assert.deepEqual(at.client.sent, [
    { type: 'join', presence: { audio: true, video: true, screen: false, hand: false } },
    { type: 'peer.description', to: ANA, kind: 'offer' },
  ]);
});

test('a join before the roster is known waits for it', async () => {
  const at = page();
  await at.controller.start();
  at.controller.join('');
  at.client.hear(welcome());
  assert.deepEqual(at.client.sent, []);
  at.client.hear(roomState([listed(ANA), listed(BOB)]));
  await settled();
  assert.deepEqual(types(at.client.sent), ['join', 'peer.description', 'peer.description']);
});

test('where the owner lets people in, the join goes out without a roster', async () => {
  const at = page();
  await at.controller.start();
  at.client.hear(welcome({ admission: 'ask', ice_servers: [] }));
  at.controller.join('');
  at.client.hear({ type: 'room.waiting' });
  assert.deepEqual([types(at.client.sent), at.phase.name], [['join'], 'waiting']);
  at.client.hear({ type: 'ice.servers', ice_servers: ['fresh'], ice_expires_at: 9 });
  at.client.hear({ type: 'seat', seat_token: 'seat-2', order: 7 });
  at.client.hear(roomState([listed(ANA), me], { rev: 1 }));
  assert.equal(at.phase.name, 'joined');
  assert.deepEqual(at.mesh.iceServers, [['fresh']]);
  assert.deepEqual(at.mesh.configured.at(-1), { selfId: ME, order: 7 });
  assert.deepEqual(types(at.client.sent), ['join']);
});

test('the seat taken is kept and its order told to the mesh', async () => {
  const at = await call();
  assert.deepEqual(at.seat.kept, ['seat-1', 'seat-2']);
  assert.equal(at.mesh.configured.at(-1).order, 50);
  assert.equal(at.phase.name, 'joined');
});

test('a refused join renews the mesh and can be tried again', async () => {
  const at = await lobby();
  at.controller.join('');
  at.client.hear({ type: 'error', code: 'room_full', message: '' });
  await settled();
  assert.deepEqual([at.phase.name, at.meshes.length, at.meshes[0]?.closed], ['setup', 2, 1]);
  assert.deepEqual(types(at.client.sent), ['join'], 'offers of the old mesh went out');
  at.controller.join('');
  await settled();
  assert.deepEqual(types(at.client.sent), ['join', 'join', 'peer.description']);
});

test('a resumed connection joins nothing again', async () => {
  const at = await call();
  at.client.sent.length = 0;
  at.client.become('reconnecting');
  at.client.hear(welcome({ resumed: true, order: 50 }));
  at.client.hear(roomState([listed(ANA), me], { rev: 3 }));
  await settled();
  assert.deepEqual([at.client.sent, at.meshes.length], [[], 1]);
});

test('a new peer after a lost place joins again and offers again', async () => {
  const at = await call();
  const renamed = 'me2'.padEnd(22, '0');
  at.client.sent.length = 0;
  at.client.become('reconnecting');
  at.client.hear(welcome({ resumed: false, peer_id: renamed, order: 50 }));
  assert.deepEqual(at.client.sent, []);
  at.client.hear(roomState([listed(ANA)], { rev: 1, epoch: 'new' }));
  await settled();
  assert.deepEqual(types(at.client.sent), ['join', 'peer.description']);
  assert.equal(at.mesh.configured.at(-1).selfId, renamed);
});

test('a join whose answer was lost with the socket is sent once more, unless it got through', async () => {
  const at = await lobby();
  at.controller.join('');
  await settled();
  at.client.become('reconnecting');
  at.client.sent.length = 0;
  at.client.hear(welcome({ resumed: true }));
  at.client.hear(roomState([listed(ANA), me], { rev: 5 }));
  assert.deepEqual([at.client.sent, at.phase.name], [[], 'joined']);
});

test('a guest without a name sees the lobby, and says hello anew with one', async () => {
  const at = page({ signedIn: false, needsName: true, name: '' });
  await at.controller.start();
  assert.deepEqual(await at.client.hello(), { ticket: 'ticket', name: null, seat: 'seat-0' });
  at.client.hear(welcome({ name: '', role: 'guest' }));
  at.client.hear(roomState([listed(ANA)]));
  assert.equal(at.store.state.self.name, '');
  assert.equal(whoIsThere(at.store.state), 'ana is here.');
  at.controller.join(' Gu\u202eest ');
  assert.deepEqual([at.clients.length, at.clients[0]?.status], [2, 'stopped']);
  assert.equal((await at.client.hello()).name, 'Guest');
  at.client.hear(welcome());
  at.client.hear(roomState([]));
  assert.deepEqual(types(at.client.sent), ['join']);
});

test('a guest’s hello goes out once the name stays, and the join needs no other', async () => {
  const at = page({ signedIn: false, needsName: true, name: '' });
  await at.controller.start();
  for (const typed of ['A', 'An', 'Ana']) {
    at.controller.named(typed);
    await at.clock.advance(200);
  }
  assert.equal(at.clients.length, 1);
  await at.clock.advance(300);
  assert.deepEqual([at.clients.length, (await at.client.hello()).name], [2, 'Ana']);
  at.client.hear(welcome({ name: 'Ana' }));
  at.client.hear(roomState([]));
  at.controller.join('Ana');
  await settled();
  assert.deepEqual([at.clients.length, types(at.client.sent)], [2, ['join']]);
});

test('a page of an account that is welcomed as a guest was logged out elsewhere', async () => {
  const at = page();
  await at.controller.start();
  at.client.hear(welcome({ role: 'guest', name: '' }));
  assert.deepEqual(at.phase, { name: 'ended', code: 'unauthenticated' });
});

test('a name that is no name says nothing', async () => {
  const at = page({ signedIn: false, needsName: true, name: '' });
  await at.controller.start();
  at.controller.named('  ');
  await at.clock.advance(1_000);
  assert.equal(at.clients.length, 1);
});

test('somebody at the page keeps the lobby ready, and only the lobby', async () => {
  const at = await lobby();
  at.window.dispatchEvent(new Event('pointermove'));
  assert.equal(at.mesh.warmed, 1);
  at.controller.join('');
  at.window.dispatchEvent(new Event('keydown'));
  assert.equal(at.mesh.warmed, 1);
});

test('a guest who changes the name says hello anew, and the old socket is closed', async () => {
  const at = await lobby({ signedIn: false, needsName: true, name: 'Old' });
  at.controller.join('New');
  assert.equal(at.clients.length, 2);
  assert.deepEqual([at.clients[0]?.status, at.clients[0]?.listenerCount], ['stopped', 0]);
  assert.equal((await at.client.hello()).name, 'New');
  assert.equal(at.phase.name, 'connecting');
});

test('a join taken back leaves the queue and stands in the lobby again', async () => {
  const at = page();
  await at.controller.start();
  at.client.hear(welcome({ admission: 'ask' }));
  at.controller.join('');
  at.client.hear({ type: 'room.waiting' });
  at.controller.withdraw();
  assert.deepEqual(at.clients[0]?.stops, [{ leave: true }]);
  assert.deepEqual([at.phase.name, at.clients.length, at.client.starts], ['setup', 2, 1]);
});

test('hanging up leaves at once and closes all that was open', async () => {
  const at = await call();
  at.controller.hangUp();
  assert.deepEqual(at.client.stops[0], { leave: true });
  assert.deepEqual(at.phase, { name: 'ended', code: 'left' });
  assert.equal(at.seat.forgotten, 1);
  assertAllClosed(at);
});

for (const code of ['removed', 'replaced', 'room_closed', 'flood']) {
  test(`a connection that was stopped by ${code} closes all that was open`, async () => {
    const at = await call();
    at.client.emit('stopped', { code, action: 'stop' });
    assert.deepEqual(at.phase, { name: 'ended', code });
    assert.equal(at.seat.forgotten, code === 'removed' || code === 'room_closed' ? 1 : 0);
    assertAllClosed(at);
  });
}

test('closing twice closes once', async () => {
  const at = await call();
  at.controller.close();
  at.controller.close();
  assertAllClosed(at);
});

test('a page that goes away sends no leave: it may be a reload', async () => {
  const at = await call();
  at.window.dispatchEvent(new Event('pagehide'));
  at.controller.close();
  assert.deepEqual(at.client.stops, [undefined]);
  assert.equal(at.seat.forgotten, 0);
});

/** @param {ReturnType<typeof page>} at */
function assertAllClosed(at) {
  assert.ok(
    at.clients.every((client) => client.status === 'stopped' && client.listenerCount === 0),
  );
  assert.ok(at.meshes.every((mesh) => mesh.closed === 1 && mesh.listenerCount === 0));
  assert.deepEqual([at.media.closed, at.media.listenerCount, at.seat.closed], [1, 0, 1]);
  assert.deepEqual([at.window.count, at.document.count, at.connection.count], [0, 0, 0]);
}

for (const code of ['ticket_invalid', 'unauthenticated']) {
  test(`${code} is answered once with a fresh ticket, then ends the call`, async () => {
    const at = await call();
    at.client.status = 'stopped';
    at.client.emit('stopped', { code, action: 'stop' });
    assert.deepEqual([at.tickets.invalidated, at.client.starts, at.phase.name], [1, 2, 'joined']);
    at.client.emit('stopped', { code, action: 'stop' });
    assert.deepEqual(at.phase, { name: 'ended', code });
  });
}

test('a ticket that is refused for good ends the call with the reason', async () => {
  const at = await call();
  at.tickets.answer = async () => {
    throw new TicketRefused('room_expired');
  };
  await assert.rejects(at.client.hello());
  assert.deepEqual(at.phase, { name: 'ended', code: 'room_expired' });
});

test('a ticket that cannot be had just now is tried again, the call goes on', async () => {
  const at = await call();
  at.tickets.answer = async () => null;
  await assert.rejects(at.client.hello());
  assert.equal(at.phase.name, 'joined');
});

test('frames of links go to the mesh, and frames of the mesh to the server', async () => {
  const at = await call();
  const frames = [
    { type: 'peer.description', from: ANA },
    { type: 'peer.candidates', from: ANA },
    { type: 'chat.message', from: ANA },
  ];
  for (const frame of frames) {
    at.client.hear(frame);
  }
  assert.deepEqual(at.mesh.received, frames);
  at.client.sent.length = 0;
  assert.equal(at.mesh.transport.send({ type: 'peer.candidates' }), true);
  assert.equal(at.mesh.transport.online(), true);
  at.client.become('reconnecting');
  assert.deepEqual([at.mesh.transport.send({}), at.mesh.transport.online()], [false, false]);
  assert.equal(at.client.sent.length, 1);
});

test('what the mesh reports before the roster names somebody is not lost', async () => {
  const at = await call();
  const track = { id: 'camera-of-bob' };
  at.mesh.emit('link', { peerId: BOB, state: 'connected', path: 'host', rttMs: 1, loss: 0 });
  at.mesh.emit('track', { peerId: BOB, source: 'camera', track });
  at.client.hear(roomState([listed(ANA), me, listed(BOB)], { rev: 3 }));
  const bob = at.store.state.peers.find((peer) => peer.id === BOB);
  assert.deepEqual([bob?.link.state, bob?.tracks.camera], ['connected', 'camera-of-bob']);
  assert.equal(at.controller.track(BOB, 'camera'), track);
  at.mesh.emit('track', { peerId: BOB, source: 'camera', track: null });
  assert.equal(at.controller.track(BOB, 'camera'), null);
});

test('peer.gone goes to the state and to the mesh', async () => {
  const at = await call();
  at.client.hear({ type: 'peer.gone', peer_id: ANA, reason: 'left' });
  assert.deepEqual([at.store.state.peers, at.mesh.gone.length], [[], 1]);
});

test('fresh credentials are asked for when the mesh wants them, and handed to it', async () => {
  const at = await call();
  at.client.sent.length = 0;
  at.mesh.emit('needIce');
  assert.deepEqual(at.client.sent, [{ type: 'ice.refresh' }]);
  at.client.hear({ type: 'ice.servers', ice_servers: ['new'], ice_expires_at: 1 });
  assert.deepEqual(at.mesh.iceServers, [['new']]);
});

test('another network reconnects the server and the links; showing the page only the server', async () => {
  const at = await call();
  at.window.dispatchEvent(new Event('online'));
  at.connection.dispatchEvent(new Event('change'));
  at.document.dispatchEvent(new Event('visibilitychange'));
  assert.deepEqual([at.client.reconnects, at.mesh.networkChanges], [3, 2]);
  at.document.visibilityState = 'hidden';
  at.document.dispatchEvent(new Event('visibilitychange'));
  assert.equal(at.client.reconnects, 3);
  at.window.dispatchEvent(new Event('offline'));
  assert.equal(at.store.state.status, 'offline');
});

test('muting, camera, screen and hand reach devices, mesh and state', async () => {
  const at = await call();
  await at.controller.setAudio(false);
  await at.controller.setVideo(false);
  await at.controller.toggleScreen();
  at.controller.setHand(true);
  const wanted = { audio: false, video: false, screen: true, hand: true };
  assert.deepEqual(at.store.state.self.presence, wanted);
  assert.deepEqual(at.mesh.presence.at(-1), wanted);
  assert.equal(at.mesh.tracks.at(-1).screen.id, 'local-screen');
  await at.controller.toggleScreen();
  assert.deepEqual(
    [at.store.state.self.presence.screen, at.mesh.tracks.at(-1).screen],
    [false, null],
  );
});

test('"stop sharing" of the browser is told to the others', async () => {
  const at = await call();
  await at.controller.toggleScreen();
  at.media.stopScreen();
  assert.equal(at.mesh.presence.at(-1).screen, false);
});

test('a camera that is refused is off for everybody and explained', async () => {
  const at = page();
  at.media.denied.add('camera');
  await at.controller.start();
  assert.deepEqual(at.store.state.self.presence, {
    audio: true,
    video: false,
    screen: false,
    hand: false,
  });
  assert.deepEqual(noticed(at.store.state), ['camera_denied']);
  at.media.denied.clear();
  await at.controller.setVideo(true);
  assert.deepEqual([noticed(at.store.state), at.store.state.self.devices.video], [[], true]);
});

test('links of another kind are made anew in the lobby, and left alone in the call', async () => {
  const before = await lobby();
  before.controller.renewLinks();
  assert.deepEqual([before.meshes.length, before.meshes[0]?.closed], [2, 1]);
  assert.equal(before.mesh.configured.length, 1);
  const inside = await call();
  inside.controller.renewLinks();
  assert.equal(inside.meshes.length, 1);
});

test('a page that is seen again looks after its devices', async () => {
  const at = await call();
  at.document.dispatchEvent(new Event('visibilitychange'));
  assert.equal(at.media.revived, 1);
});

test('both devices refused is one notice, and no reason to stay out', async () => {
  const at = page();
  at.media.denied.add('camera').add('microphone');
  await at.controller.start();
  assert.deepEqual(noticed(at.store.state), ['devices_denied']);
  at.client.hear(welcome());
  at.client.hear(roomState([]));
  at.controller.join('');
  assert.equal(at.client.sent[0].presence.audio, false);
});

test('a microphone pulled out in mid-call is told as muted and explained', async () => {
  const at = await call();
  at.media.tracks = { ...at.media.tracks, audio: null };
  at.media.emit('error', { code: 'microphone_lost' });
  assert.deepEqual(
    [at.mesh.presence.at(-1).audio, noticed(at.store.state)],
    [false, ['microphone_lost']],
  );
});

/** @param {Awaited<ReturnType<typeof call>>} at */
const sending = (at) =>
  at.store.state.chat.entries.filter((entry) => entry.sending).map(({ text }) => text);

test('a message that takes long to leave says so, and until then only', async () => {
  const at = await call();
  at.mesh.emit('chatWaiting', { messageIds: ['chat-1'] });
  at.controller.sendChat('slow');
  at.controller.sendChat('fast');
  await at.clock.advance(1_000);
  assert.deepEqual(sending(at), []);
  await at.clock.advance(500);
  assert.deepEqual(sending(at), ['slow']);
  at.mesh.emit('chatWaiting', { messageIds: [] });
  assert.deepEqual(sending(at), []);
});

test('a message whose way is gone is marked as lost, and stays so', async () => {
  const at = await call();
  at.controller.sendChat('gone');
  at.controller.sendChat('there');
  at.mesh.emit('chatLost', { messageIds: ['chat-1'] });
  at.mesh.emit('chatLost', { messageIds: [] });
  assert.deepEqual(
    at.store.state.chat.entries.map(({ text, lost = false }) => [text, lost]),
    [
      ['gone', true],
      ['there', false],
    ],
  );
});

test('while a hundred messages wait, the next stays in its box and says why', async () => {
  const at = await call();
  const messageIds = Array.from({ length: 100 }, (_, index) => `chat-${index}`);
  at.mesh.emit('chatWaiting', { messageIds });
  assert.equal(at.controller.sendChat('one more'), false);
  assert.deepEqual([at.mesh.chats, noticed(at.store.state)], [[], ['chat_waits']]);
  at.mesh.emit('chatWaiting', { messageIds: messageIds.slice(1) });
  assert.equal(at.controller.sendChat('one more'), true);
  assert.deepEqual([at.mesh.chats, noticed(at.store.state)], [['one more'], []]);
});

test('chat goes to the links and into the list, cleaned; nothing and too much do not', async () => {
  const at = await call();
  assert.equal(at.controller.sendChat(' hi\u202e '), true);
  assert.equal(at.controller.sendChat(' \u200b '), false);
  assert.equal(at.controller.sendChat('é'.repeat(2049)), false);
  assert.deepEqual(
    [at.mesh.chats, at.store.state.chat.entries.length, noticed(at.store.state)],
    [['hi'], 1, ['chat_too_long']],
  );
  at.mesh.emit('chat', { peerId: ANA, messageId: '1', text: 'yo' });
  assert.deepEqual(
    at.store.state.chat.entries.map(({ text, at: when }) => [text, when]),
    [
      ['hi', 5],
      ['yo', 5],
    ],
  );
});

test('the owner answers a knock; it goes when the server has agreed', async () => {
  const at = await call();
  at.client.hear({ type: 'room.knock', peer_id: BOB, name: 'Bob' });
  const answered = at.controller.owner.admit(BOB);
  assert.deepEqual(at.client.requests[0]?.message, { type: 'room.admit', peer_id: BOB });
  assert.equal(at.store.state.waiting.length, 1);
  at.client.requests[0]?.resolve();
  await answered;
  assert.deepEqual(at.store.state.waiting, []);
});

test('each owner action is a request of its own', async () => {
  const at = await call();
  const { owner } = at.controller;
  void owner.deny(BOB);
  void owner.remove(BOB);
  void owner.askMute(BOB);
  void owner.lock(true);
  assert.deepEqual(
    at.client.requests.map(({ message }) => message),
    [
      { type: 'room.deny', peer_id: BOB },
      { type: 'room.remove', peer_id: BOB },
      { type: 'room.ask_mute', peer_id: BOB },
      { type: 'room.lock', locked: true },
    ],
  );
});

for (const code of ['offline', 'timeout']) {
  test(`an owner action that ends ${code} says so`, async () => {
    const at = await call();
    const locked = at.controller.owner.lock(true);
    at.client.requests[0]?.reject({ code });
    await locked;
    assert.deepEqual(noticed(at.store.state), ['not_connected']);
  });
}
