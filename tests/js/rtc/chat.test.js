import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bucket } from '../../../services/web/static/js/lib/bucket.js';
import { ChatLedger } from '../../../services/web/static/js/rtc/chat-ledger.js';
import { LinkTransport } from '../../../services/web/static/js/rtc/transport.js';
import {
  CHAT_PACE,
  SERVER_CHAT_PACE,
  SOCKET_RATES,
} from '../../../services/web/static/js/signaling/limits.js';
import { LinkRates } from '../../../services/web/static/js/signaling/rates.js';
import { FakeClock } from '../fakes/clock.js';
import { FakeRoom } from '../fakes/room.js';

/** @param {import('../fakes/room.js').Peer} peer */
const heard = (peer) => peer.events.filter(({ type }) => type === 'chat').map(({ text }) => text);
/** @param {import('../fakes/room.js').Peer} peer */
const waiting = (peer) =>
  peer.events.filter(({ type }) => type === 'chatWaiting').at(-1)?.messageIds.length ?? 0;
/** @param {number} count */
const texts = (count) => Array.from({ length: count }, (_, index) => `line ${index}`);

/** A room of eight. */
async function eight() {
  const room = new FakeRoom();
  const ids = [...'ABCDEFGH'];
  for (const [index, id] of ids.entries()) room.add(id, index + 1);
  for (const [index, id] of ids.entries()) {
    room.roster(ids.slice(0, index));
    await room.join(id, ids.slice(0, index));
    room.roster(ids.slice(0, index + 1));
    await room.clock.advance(500);
  }
  await room.clock.advance(3_000);
  return room;
}

/** What the server's own bucket lets through of what a page sends. @param {FakeRoom} room */
function limitedServer(room) {
  const bucket = new Bucket({ ...SOCKET_RATES['chat.send'], now: room.clock.now });
  const refused = { count: 0 };
  room.fate = (frame) => {
    if (frame.type !== 'chat.send' || bucket.take()) return [10];
    refused.count += 1;
    return [];
  };
  return refused;
}

test('a burst of a hundred messages over a link arrives whole and in order', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.sent.length = 0;
  for (const text of texts(100)) a.mesh.sendChat(text);
  assert.equal(waiting(a), 100 - CHAT_PACE.burst);
  await room.clock.advance(60_000);
  assert.deepEqual(heard(b), texts(100));
  assert.equal(waiting(a), 0);
  assert.deepEqual(
    a.sent.filter(({ type }) => type === 'chat.send'),
    [],
  );
  room.close();
});

test('a few messages leave at once', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  for (const text of texts(CHAT_PACE.burst)) a.mesh.sendChat(text);
  await room.clock.advance(20);
  assert.deepEqual(heard(b), texts(CHAT_PACE.burst));
  room.close();
});

test('a burst to seven people through the server meets no limit and loses nothing', async () => {
  const room = await eight();
  const refused = limitedServer(room);
  room.network.setCut(true);
  await room.clock.advance(3_000);
  const sender = room.peer('A');
  for (const text of texts(60)) sender.mesh.sendChat(text);
  await room.clock.advance(60_000);
  assert.equal(refused.count, 0);
  for (const id of 'BCDEFGH') assert.deepEqual(heard(room.peer(id)), texts(60), id);
  room.close();
});

test('two messages a second to seven people through the server never wait', async () => {
  const room = await eight();
  const refused = limitedServer(room);
  room.network.setCut(true);
  await room.clock.advance(3_000);
  const sender = room.peer('A');
  for (const text of texts(60)) {
    sender.mesh.sendChat(text);
    assert.equal(waiting(sender), 0);
    await room.clock.advance(500);
  }
  assert.equal(refused.count, 0);
  assert.deepEqual(heard(room.peer('H')), texts(60));
  room.close();
});

test('what was written while nothing could leave arrives afterwards, more than a queue of frames', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.online = false;
  room.network.setCut(true);
  await room.clock.advance(5_000);
  for (const text of texts(90)) a.mesh.sendChat(text);
  await room.clock.advance(5_000);
  assert.deepEqual(heard(b), []);
  assert.equal(waiting(a), 90);
  a.online = true;
  a.mesh.configure({ selfId: 'A', order: 1, iceServers: [] });
  await room.clock.advance(60_000);
  assert.deepEqual(heard(b), texts(90));
  room.close();
});

test('a cut in the middle of a burst loses nothing and turns nothing round', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  for (const text of texts(40)) a.mesh.sendChat(text);
  await room.clock.advance(3_000);
  room.network.setCut(true);
  await room.clock.advance(60_000);
  assert.deepEqual(heard(b), texts(40));
  room.close();
});

test('what a dead channel swallowed is waited for once more, on that link alone', () => {
  const told = /** @type {string[][]} */ ([]);
  const ledger = new ChatLedger((messageIds) => told.push(messageIds));
  ledger.enter('m', 2);
  ledger.passed('m');
  ledger.returned('m');
  ledger.passed('m');
  assert.deepEqual(ledger.giveUp(), ['m'], 'the other link has it still');
  ledger.enter('n', 1);
  ledger.passed('n');
  assert.deepEqual(told.at(-1), []);
  ledger.returned('n');
  assert.deepEqual(told.at(-1), ['n']);
});

test('chat that waits holds up no description', () => {
  const clock = new FakeClock();
  const sent = /** @type {any[]} */ ([]);
  const transport = new LinkTransport({
    peerId: 'B',
    server: (frame) => sent.push(frame) > 0,
    channel: () => null,
    timers: clock,
    serverChat: new Bucket({ ...SERVER_CHAT_PACE, now: clock.now }),
  });
  for (const [seq, text] of texts(100).entries()) {
    transport.post({ type: 'chat.message', seq, message_id: `m${seq}`, text });
  }
  transport.post({ type: 'peer.description', seq: 100, kind: 'offer', sdp: 'a' });
  assert.equal(sent.at(-1).type, 'peer.description');
  assert.equal(transport.blocked, false);
  transport.close();
  assert.equal(clock.pending, 0);
});

test('whoever goes while messages wait is waited for no longer', async () => {
  const room = new FakeRoom();
  const { a } = await room.pair();
  for (const text of texts(30)) a.mesh.sendChat(text);
  assert.ok(waiting(a) > 0);
  a.mesh.peerGone({ peer_id: 'B' });
  assert.equal(waiting(a), 0);
  room.close();
});

for (const heldMs of [0, 2_000, 10_000]) {
  test(`a receiver takes all of an honest sender, ${heldMs} ms held back and delivered at once`, () => {
    let now = 0;
    const pace = new Bucket({ ...CHAT_PACE, now: () => now });
    /** @type {number[]} */
    const sentAt = [];
    for (; now < 60_000; now += 50) while (pace.take()) sentAt.push(now);
    now = 0;
    const door = new LinkRates(() => now);
    for (const at of sentAt) {
      now = Math.ceil(at / Math.max(heldMs, 1)) * Math.max(heldMs, 1);
      assert.ok(door.allows('chat.message'), `${at}`);
    }
  });
}

test('what still waits when this page becomes another peer is said to be lost, once', async () => {
  const room = new FakeRoom();
  const { a } = await room.pair();
  for (const text of texts(CHAT_PACE.burst + 2)) a.mesh.sendChat(text);
  assert.equal(waiting(a), 2);
  a.mesh.configure({ selfId: 'A2', order: null, iceServers: [] });
  const lost = () => a.events.filter(({ type }) => type === 'chatLost');
  assert.deepEqual([lost().map(({ messageIds }) => messageIds.length), waiting(a)], [[2], 0]);
  a.mesh.configure({ selfId: 'A3', order: null, iceServers: [] });
  assert.equal(lost().length, 1);
  room.close();
});
