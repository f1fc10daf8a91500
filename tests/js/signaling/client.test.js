import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { backoffMs } from '../../../services/web/static/js/signaling/backoff.js';
import { SignalingClient } from '../../../services/web/static/js/signaling/client.js';
import { FakeClock } from '../fakes/clock.js';
import { FakeSocket } from '../fakes/socket.js';

beforeEach(() => {
  FakeSocket.all = [];
});

const last = () => /** @type {FakeSocket} */ (FakeSocket.all.at(-1));
const WELCOME = {
  type: 'welcome',
  peer_id: 'P',
  resume_token: 'P.secret1',
  seat_token: 'seat1',
  heartbeat_s: 10,
};

/** @param {object} [options] */
function client(options = {}) {
  const clock = new FakeClock();
  const made = new SignalingClient({
    url: 'wss://t.test/ws',
    hello: () => ({ ticket: 'ticket', name: null }),
    socketFactory: (url, protocol) => /** @type {any} */ (new FakeSocket(url, protocol)),
    timers: clock,
    random: () => 0.5,
    ...options,
  });
  return { clock, client: made };
}

/** @param {object} [options] */
async function online(options) {
  const world = client(options);
  world.client.start();
  last().open();
  await world.clock.settle();
  last().say(WELCOME);
  return world;
}

test('attempts come at 0, 0.3, 1.2, 2.7, 4.8 and 7 s, spread after the second, for ever', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 1_000].map((attempt) => backoffMs(attempt, () => 0));
  assert.deepEqual(delays, [0, 300, 1_200, 2_700, 4_800, 7_000, 7_000, 7_000]);
  assert.equal(
    backoffMs(1, () => 0.9),
    300,
  );
  assert.ok(backoffMs(2, () => 0.9) > 1_200);
});

test('hello comes first, with what the page knows and nothing empty', async () => {
  const { client: c } = await online();
  assert.equal(last().protocol, 'call.v1');
  assert.deepEqual(last().sent[0], { type: 'hello', features: [], ticket: 'ticket' });
  assert.equal(c.status, 'online');
  c.stop();
});

test('nothing is sent before the welcome', async () => {
  const { client: c } = client();
  c.start();
  last().open();
  assert.equal(c.send({ type: 'leave' }), false);
  c.stop();
});

test('a lost socket is resumed with the token of the last welcome', async () => {
  const { client: c, clock } = await online();
  const statuses = /** @type {string[]} */ ([]);
  c.on('status', (status) => statuses.push(status));
  last().drop();
  assert.equal(c.status, 'reconnecting');
  await clock.advance(0);
  last().open();
  await clock.settle();
  assert.equal(last().sent[0].resume, 'P.secret1');
  assert.equal(last().sent[0].seat, 'seat1');
  last().say({ ...WELCOME, resume_token: 'P.secret2', resumed: true });
  assert.deepEqual(statuses, ['reconnecting', 'online']);
  c.stop();
});

test('the seat of the first join is kept for the next hello', async () => {
  const { client: c } = await online();
  last().say({ type: 'seat', seat_token: 'seat2', order: 7 });
  assert.equal(c.seatToken, 'seat2');
  c.stop();
});

for (const [action, resume] of [
  ['resume', 'P.secret1'],
  ['rejoin', undefined],
]) {
  test(`bye ${action} comes back ${resume ? 'as the same peer' : 'as a new peer in the old seat'}`, async () => {
    const { client: c, clock } = await online();
    last().say({ type: 'bye', code: 'restart', action, retry_after_ms: 2_000 });
    await clock.advance(1_999);
    assert.equal(FakeSocket.all.length, 1);
    await clock.advance(1);
    last().open();
    await clock.settle();
    assert.equal(last().sent[0].resume, resume);
    assert.equal(last().sent[0].seat, 'seat1');
    c.stop();
  });
}

test('bye stop is the end, and says why', async () => {
  const { client: c, clock } = await online();
  const reasons = /** @type {any[]} */ ([]);
  c.on('stopped', (reason) => reasons.push(reason));
  last().say({ type: 'bye', code: 'removed', action: 'stop' });
  last().drop(4410);
  await clock.advance(60_000);
  assert.equal(FakeSocket.all.length, 1);
  assert.deepEqual(reasons, [{ code: 'removed', action: 'stop' }]);
  assert.equal(clock.pending, 0);
});

test('an unreachable server is tried for as long as the page is open', async () => {
  const { client: c, clock } = client();
  c.start();
  for (let attempt = 0; attempt < 100; attempt += 1) {
    last().drop();
    await clock.advance(8_000);
  }
  assert.equal(FakeSocket.all.length, 101);
  c.stop();
});

test('a socket that answers no ping is dead, whatever it says of itself', async () => {
  const { client: c, clock } = await online();
  await clock.advance(10_000);
  assert.equal(last().sent.at(-1).type, 'ping');
  await clock.advance(6_000);
  assert.equal(FakeSocket.all.length, 2);
  c.stop();
});

test('an answered ping keeps the socket, and tells the newest roster', async () => {
  const { client: c, clock } = await online();
  last().say({ type: 'room.state', epoch: 'e', rev: 4, peers: [] });
  for (let beat = 0; beat < 10; beat += 1) {
    await clock.advance(10_000);
    const { type, t, rev } = last().sent.at(-1);
    assert.deepEqual([type, rev], ['ping', 4]);
    last().say({ type: 'pong', t, server_time: 1 });
  }
  assert.equal(FakeSocket.all.length, 1);
  c.stop();
});

test('a changed network checks a live socket and hurries a waiting one', async () => {
  const { client: c, clock } = await online();
  c.reconnectNow();
  assert.equal(last().sent.at(-1).type, 'ping');
  await clock.advance(2_500);
  assert.equal(FakeSocket.all.length, 2);
  for (let attempt = 0; attempt < 6; attempt += 1) {
    last().drop();
    await clock.advance(9_000);
  }
  last().drop();
  const before = FakeSocket.all.length;
  c.reconnectNow();
  assert.equal(FakeSocket.all.length, before + 1);
  c.stop();
});

test('an older roster never reaches the page', async () => {
  const { client: c } = await online();
  const revs = /** @type {number[]} */ ([]);
  c.on('room.state', ({ rev }) => revs.push(rev));
  for (const [epoch, rev] of /** @type {[string, number][]} */ ([
    ['e', 2],
    ['e', 1],
    ['e', 2],
    ['f', 1],
  ])) {
    last().say({ type: 'room.state', epoch, rev, peers: [] });
  }
  assert.deepEqual(revs, [2, 1]);
  c.stop();
});

test('a request ends with its ack, its error, the loss of the socket or in time', async () => {
  const { client: c, clock } = await online();
  const ask = () => c.request({ type: 'room.lock', locked: true });
  const done = ask();
  last().say({ type: 'ack', re: last().sent.at(-1).id });
  await done;
  const refused = ask();
  last().say({
    type: 'error',
    re: last().sent.at(-1).id,
    code: 'not_owner',
    message: 'no',
    retry_after_ms: 5,
  });
  await assert.rejects(refused, { code: 'not_owner', retryAfterMs: 5 });
  const late = assert.rejects(ask(), { code: 'timeout' });
  await clock.advance(9_999);
  last().say({ type: 'pong', t: 0, server_time: 0 });
  await clock.advance(1);
  await late;
  const lost = assert.rejects(ask(), { code: 'offline' });
  last().drop();
  await lost;
  c.stop();
});

test('frames that are no messages are ignored', async () => {
  const { client: c } = await online();
  for (const rubbish of ['', '{', 'null', '[]', '"x"', '{"type":7}', '{"type":"never.heard"}']) {
    last().say(rubbish);
  }
  last().onmessage({ data: new ArrayBuffer(8) });
  assert.equal(c.status, 'online');
  c.stop();
});

test('a page that cannot get a ticket tries again', async () => {
  let asked = 0;
  const { client: c, clock } = client({
    hello: async () => {
      asked += 1;
      if (asked === 1) throw new Error('offline');
      return { ticket: 'late' };
    },
  });
  c.start();
  last().open();
  await clock.advance(400);
  last().open();
  await clock.settle();
  assert.equal(last().sent[0].ticket, 'late');
  c.stop();
});

test('leaving says so, and leaves no timer behind', async () => {
  const { client: c, clock } = await online();
  const socket = last();
  c.stop({ leave: true });
  assert.equal(socket.sent.at(-1).type, 'leave');
  assert.equal(socket.onmessage, null);
  assert.equal(clock.pending, 0);
});
