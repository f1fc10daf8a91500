import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRoom } from '../fakes/room.js';

const LATER = 150_000;

/** A is in the call; B looks at the lobby. */
async function lobby() {
  const room = new FakeRoom();
  const a = room.add('A', 1);
  room.roster(['A']);
  const b = room.add('B', 2, { knowsOrder: false });
  room.look('B', ['A']);
  await room.clock.advance(200);
  return { room, a, b };
}

/** @param {import('../fakes/room.js').Peer} peer */
const offersOf = (peer) => peer.sent.filter(({ kind }) => kind === 'offer');

test('in the lobby the connection is made and gathered, and nothing is said', async () => {
  const { room, b } = await lobby();
  assert.equal(b.pcs.length, 1);
  assert.equal(b.pcs[0]?.signalingState, 'have-local-offer');
  assert.deepEqual(b.sent, []);
  await room.clock.advance(60_000);
  assert.deepEqual([b.sent, b.pcs.length], [[], 1]);
  room.close();
});

test('the offer of a warm lobby is one frame, with every candidate in it', async () => {
  const { room, a, b } = await lobby();
  const frames = await b.mesh.offersFor(/** @type {any} */ ([room.entry('A')]));
  assert.deepEqual(
    frames.map(({ type, kind, to }) => [type, kind, to]),
    [['peer.description', 'offer', 'A']],
  );
  assert.equal(frames[0].sdp.match(/a=candidate:/g).length, 3);
  a.mesh.receive({ ...frames[0], to: undefined, from: 'B' });
  room.close();
});

test('a warm join connects with the connection that was made in the lobby', async () => {
  const { room, a, b } = await lobby();
  await room.join('B', ['A']);
  room.roster(['A', 'B']);
  await room.clock.advance(2_000);
  assert.deepEqual([room.states('A'), room.states('B')], [['B connected'], ['A connected']]);
  assert.deepEqual([a.pcs.length, b.pcs.length], [1, 1]);
  assert.equal(offersOf(b).length, 1);
  room.close();
});

test('a seat that is told again repeats no offer; a new socket does', async () => {
  const { room, b } = await lobby();
  room.fate = () => [];
  await room.join('B', ['A']);
  b.mesh.configure({ selfId: 'B', order: 2 });
  assert.equal(offersOf(b).length, 1);
  b.mesh.configure({ selfId: 'B', order: 2, iceServers: [] });
  assert.equal(offersOf(b).length, 2);
  room.close();
});

test('the lobby follows the roster: who left is dropped, who came is made ready', async () => {
  const { room, b } = await lobby();
  room.add('C', 3);
  room.look('B', ['C']);
  await room.clock.advance(200);
  assert.deepEqual(b.mesh.peerIds, ['C']);
  assert.equal(b.pcs[0]?.connectionState, 'closed');
  b.mesh.peerGone({ peer_id: 'C' });
  assert.equal(room.network.open.size, 0);
  room.close();
});

test('a lobby that nobody touches lets go; a movement makes it ready again', async () => {
  const { room, b } = await lobby();
  await room.clock.advance(LATER);
  assert.deepEqual(b.mesh.peerIds, []);
  b.mesh.warm();
  await room.clock.advance(200);
  assert.deepEqual(b.mesh.peerIds, ['A']);
  assert.deepEqual(b.sent, []);
  room.close();
});

test('a changed network makes the lobby’s connections anew, and says nothing', async () => {
  const { room, b } = await lobby();
  b.mesh.networkChanged();
  await room.clock.advance(500);
  assert.equal(b.pcs.length, 2);
  assert.equal(b.pcs[0]?.connectionState, 'closed');
  assert.deepEqual(b.sent, []);
  await room.join('B', ['A']);
  room.roster(['A', 'B']);
  await room.clock.advance(2_000);
  assert.deepEqual(room.states('B'), ['A connected']);
  room.close();
});

test('two who join at once out of warm lobbies are linked once', async () => {
  const room = new FakeRoom();
  for (const [id, order] of /** @type {const} */ ([
    ['A', 1],
    ['B', 2],
    ['C', 3],
  ])) {
    room.add(id, order, { knowsOrder: id === 'A' });
  }
  room.roster(['A']);
  room.look('B', ['A']);
  room.look('C', ['A']);
  await room.clock.advance(200);
  await Promise.all([room.join('B', ['A']), room.join('C', ['A'])]);
  room.roster(['A', 'B', 'C']);
  await room.clock.advance(3_000);
  for (const id of ['A', 'B', 'C']) {
    for (const state of room.states(id)) assert.match(state, / connected$/);
    assert.equal(room.states(id).length, 2);
  }
  room.close();
});

test('a roster between the join and its answer leaves no link waiting', async () => {
  const room = new FakeRoom();
  const a = room.add('A', 1, { knowsOrder: false });
  const b = room.add('B', 2, { knowsOrder: false });
  room.roster(['A']);
  const offers = b.mesh.offersFor([]);
  room.look('B', ['A']);
  await room.clock.advance(1);
  assert.deepEqual(await offers, []);
  room.roster(['A', 'B']);
  await room.clock.advance(3_000);
  assert.deepEqual([room.states('A'), room.states('B')], [['B connected'], ['A connected']]);
  assert.deepEqual([a.pcs.length, b.pcs.length], [1, 1]);
  room.close();
});

test('who is in a call has one connection ready for whoever comes, and not two', async () => {
  const { room, a } = await lobby();
  await room.clock.advance(10_000);
  assert.equal(a.made.length, 1);
  await room.join('B', ['A']);
  room.roster(['A', 'B']);
  await room.clock.advance(100);
  assert.equal(a.made.length, 1, 'the answer was made with it');
  await room.clock.advance(10_000);
  assert.equal(a.made.length, 2);
  room.close();
});

test('a lobby that is closed leaves nothing open', async () => {
  const { room, b } = await lobby();
  b.mesh.warm();
  room.close();
  await room.clock.advance(1_000);
  assert.equal(room.network.open.size, 0);
  assert.equal(room.clock.pending, 0);
});
