import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeTrack } from '../fakes/media.js';
import { FakeRoom } from '../fakes/room.js';

/** @param {FakeRoom} room */
function assertConnected(room) {
  for (const id of room.peers.keys()) {
    for (const state of room.states(id)) assert.match(state, / connected$/, `${id}: ${state}`);
    assert.equal(room.states(id).length, room.peers.size - 1);
    for (const pc of room
      .peer(id)
      .pcs.filter(({ connectionState }) => connectionState !== 'closed')) {
      assert.equal(pc.getTransceivers().length, 4);
    }
  }
}

/** @param {import('../fakes/room.js').Peer} peer @param {string} type */
const of = (peer, type) => peer.events.filter((event) => event.type === type);
/** @param {import('../fakes/room.js').Peer} peer */
const toPeers = (peer) => peer.sent.filter(({ to }) => to);

test('a joiner and somebody who is there connect in at most ten frames', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  assertConnected(room);
  assert.ok(toPeers(a).length + toPeers(b).length <= 10);
  assert.equal(a.pcs.length, 1);
  assert.equal(b.pcs.length, 1);
  room.close();
});

test('the offer carries the candidates that are there already', async () => {
  const room = new FakeRoom();
  const { b } = await room.pair();
  assert.match(toPeers(b)[0].sdp, /a=candidate:/);
  room.close();
});

test('two who join in the same instant are linked once', async () => {
  const room = new FakeRoom();
  room.add('A', 1, { knowsOrder: false });
  room.add('B', 2, { knowsOrder: false });
  room.roster(['A', 'B']);
  await room.clock.advance(2_000);
  assertConnected(room);
  assert.equal(room.peer('A').pcs.length + room.peer('B').pcs.length, 2);
  room.close();
});

for (const latency of [0, 1, 5, 20, 80, 400]) {
  test(`colliding first offers end with four sections on each side, ${latency} ms apart`, async () => {
    const room = new FakeRoom();
    room.latencyMs = latency;
    room.add('A', 1);
    room.add('B', 2);
    await Promise.all([room.join('A', ['B']), room.join('B', ['A'])]);
    room.roster(['A', 'B']);
    await room.clock.advance(4_000);
    assertConnected(room);
    room.close();
  });
}

test('frames that come doubled and out of order still connect', async () => {
  const room = new FakeRoom();
  let turn = 0;
  room.fate = () => [[40, 5], [5, 60], [20], [1, 1, 90]][turn++ % 4] ?? [1];
  await room.pair();
  await room.clock.advance(1_000);
  assertConnected(room);
  room.close();
});

test('candidates that come before their description are kept for it', async () => {
  const room = new FakeRoom();
  room.fate = (frame) => [frame.type === 'peer.description' ? 300 : 5];
  await room.pair();
  assertConnected(room);
  room.close();
});

for (const lost of ['offer', 'answer']) {
  test(`a lost ${lost} is said again after five seconds`, async () => {
    const room = new FakeRoom();
    let dropped = 0;
    room.fate = (frame) => {
      if (frame.kind !== lost || dropped > 0) return [10];
      dropped += 1;
      return [];
    };
    await room.pair();
    assert.equal(dropped, 1);
    assert.doesNotMatch(room.states('A')[0] ?? '', / connected$/);
    await room.clock.advance(5_000);
    assertConnected(room);
    room.close();
  });
}

test('candidates that were lost come again with the description', async () => {
  const room = new FakeRoom();
  room.fate = (frame) => (frame.type === 'peer.candidates' || frame.kind === 'answer' ? [] : [10]);
  await room.pair();
  room.fate = () => [10];
  await room.clock.advance(12_000);
  assertConnected(room);
  room.close();
});

test('an unreliable server, half of all frames lost, only makes it later', async () => {
  const room = new FakeRoom();
  let turn = 0;
  room.fate = () => ((turn++ * 7) % 10 < 5 ? [] : [10]);
  await room.pair();
  await room.clock.advance(90_000);
  assertConnected(room);
  room.close();
});

test('chat and presence go over the channel, not through the server', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.sent.length = 0;
  a.mesh.sendChat('hello');
  a.mesh.setPresence({ audio: true, video: false, screen: false, hand: true });
  await room.clock.advance(100);
  assert.deepEqual(
    of(b, 'chat').map(({ text }) => text),
    ['hello'],
  );
  assert.equal(of(b, 'presence').at(-1).hand, true);
  assert.deepEqual(
    a.sent.map(({ type }) => type),
    ['presence.set'],
  );
  room.close();
});

test('a message that a dying channel swallowed arrives once, through the server', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  room.network.setCut(true);
  a.mesh.sendChat('still there?');
  await room.clock.advance(2_500);
  assert.deepEqual(
    of(b, 'chat').map(({ text }) => text),
    ['still there?'],
  );
  room.network.setCut(false);
  await room.clock.advance(10_000);
  assert.equal(of(b, 'chat').length, 1);
  assertConnected(room);
  room.close();
});

test('a cut path is noticed by the heartbeat and restarted, not waited for', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.sent.length = b.sent.length = 0;
  room.network.setCut(true);
  await room.clock.advance(2_600);
  assert.match(room.states('A')[0] ?? '', / reconnecting$/);
  const offers = [...a.sent, ...b.sent].filter(({ kind }) => kind === 'offer');
  assert.equal(offers.length, 1);
  room.network.setCut(false);
  await room.clock.advance(3_000);
  assertConnected(room);
  assert.equal(a.pcs.length, 1);
  room.close();
});

test('after several failed restarts the connection is built anew, on both sides', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  room.network.setCut(true);
  await room.clock.advance(40_000);
  assert.ok(a.pcs.length > 1 || b.pcs.length > 1);
  room.network.setCut(false);
  await room.clock.advance(40_000);
  assertConnected(room);
  room.close();
});

test('a call goes on while the server is away, and mends itself when it is back', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.online = b.online = false;
  await room.clock.advance(600_000);
  assertConnected(room);
  a.mesh.sendChat('without a server');
  await room.clock.advance(100);
  assert.equal(of(b, 'chat').length, 1);
  room.network.setCut(true);
  await room.clock.advance(10_000);
  room.network.setCut(false);
  await room.clock.advance(100);
  a.online = b.online = true;
  a.mesh.configure({ selfId: 'A', order: 1 });
  b.mesh.configure({ selfId: 'B', order: 2 });
  await room.clock.advance(10_000);
  assertConnected(room);
  room.close();
});

test('a changed network restarts at once, over the server', async () => {
  const room = new FakeRoom();
  const { a } = await room.pair();
  const before = a.pcs[0]?.localUfrag;
  a.sent.length = 0;
  a.mesh.networkChanged();
  await room.clock.advance(1_000);
  assert.ok(a.sent.some(({ kind }) => kind === 'offer'));
  assert.notEqual(a.pcs[0]?.localUfrag, before);
  assertConnected(room);
  room.close();
});

test('both networks changing at once is glare that ends well', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.mesh.networkChanged();
  b.mesh.networkChanged();
  await room.clock.advance(6_000);
  assertConnected(room);
  assert.equal(a.pcs.length + b.pcs.length, 2);
  room.close();
});

test('old credentials are exchanged before a restart, on both sides', async () => {
  const room = new FakeRoom();
  const secret = [{ urls: ['turn:turn.test'], username: 'u', credential: 'old' }];
  const { a, b } = await room.pair();
  for (const { mesh } of [a, b]) mesh.setIceServers(secret);
  await room.clock.advance(6 * 60_000);
  for (const peer of [a, b]) {
    peer.mesh.on('needIce', () =>
      room.clock.set(() => peer.mesh.setIceServers([{ ...secret[0], credential: 'new' }]), 50),
    );
  }
  a.mesh.networkChanged();
  await room.clock.advance(1_000);
  assert.equal(of(a, 'needIce').length, 1);
  assert.equal(of(b, 'needIce').length, 1);
  for (const { pcs } of [a, b]) assert.equal(pcs[0]?.config.iceServers[0].credential, 'new');
  assertConnected(room);
  room.close();
});

test('a page whose timers run once a minute restarts nothing', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.sent.length = b.sent.length = 0;
  await room.clock.advance(3_600_000, { onlyAt: 60_000 });
  assert.deepEqual([...toPeers(a), ...toPeers(b)], []);
  assertConnected(room);
  room.close();
});

test('a page asleep at the other end, whose packets still come, is left alone', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.sent.length = 0;
  for (const pc of b.pcs) for (const channel of pc.channels.values()) channel.onmessage = null;
  const packets = [a, b].map(({ pcs }) => setPackets(room, pcs[0]));
  await room.clock.advance(20_000);
  for (const { stop } of packets) stop();
  assert.deepEqual(toPeers(a), []);
  assert.match(room.states('A')[0] ?? '', / connected$/);
  room.close();
});

/** @param {FakeRoom} room @param {any} pc */
function setPackets(room, pc) {
  let on = true;
  const tick = () => {
    pc.received += 1000;
    if (on) room.clock.set(tick, 100);
  };
  tick();
  return {
    stop() {
      on = false;
    },
  };
}

test('who is gone is closed at once; who is missing from the roster, after a grace', async () => {
  const room = new FakeRoom();
  const { a } = await room.pair();
  room.roster(['A'], ['A']);
  await room.clock.advance(4_000);
  assert.deepEqual(room.states('A'), ['B connected']);
  await room.clock.advance(2_000);
  assert.deepEqual(room.states('A'), []);
  assert.equal(of(a, 'link').at(-1).state, 'closed');
  room.peer('B').mesh.peerGone({ peer_id: 'A' });
  assert.deepEqual(room.states('B'), []);
  room.close();
});

test('a server that lost its memory closes nothing for thirty seconds', async () => {
  const room = new FakeRoom();
  await room.pair();
  room.epoch = 'e2';
  room.roster(['A'], ['A']);
  await room.clock.advance(29_000);
  assertConnected(room);
  room.roster(['A', 'B']);
  await room.clock.advance(60_000);
  assertConnected(room);
  room.close();
});

test('absence counts for nothing while the server is out of reach', async () => {
  const room = new FakeRoom();
  const { a } = await room.pair();
  room.roster(['A'], ['A']);
  a.online = false;
  await room.clock.advance(300_000);
  assert.deepEqual(room.states('A'), ['B connected']);
  a.online = true;
  await room.clock.advance(6_000);
  assert.deepEqual(room.states('A'), []);
  room.close();
});

test('an older roster changes nothing', async () => {
  const room = new FakeRoom();
  const { a } = await room.pair();
  a.mesh.applyRoomState({ epoch: 'e1', rev: 0, peers: [/** @type {any} */ (room.entry('A'))] });
  await room.clock.advance(60_000);
  assertConnected(room);
  room.close();
});

test('a reload is a new peer; the old link is closed and a new one made', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.mesh.close();
  room.peers.delete('A');
  b.mesh.peerGone({ peer_id: 'A' });
  room.add('A2', 1);
  await room.join('A2', ['B']);
  room.roster(['A2', 'B']);
  await room.clock.advance(3_000);
  assertConnected(room);
  room.close();
});

test('eight people make twenty-eight links', async () => {
  const room = new FakeRoom();
  /** @type {string[]} */
  const ids = [];
  for (let order = 1; order <= 8; order += 1) {
    const id = `P${order}`;
    room.add(id, order, { knowsOrder: false });
    await room.join(id, ids);
    ids.push(id);
    room.roster(ids);
    await room.clock.advance(300);
  }
  await room.clock.advance(3_000);
  assertConnected(room);
  room.close();
});

test('a screen is shown and taken away by presence, without negotiation', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.sent.length = 0;
  a.mesh.setTracks({ screen: /** @type {any} */ (new FakeTrack('video')) });
  a.mesh.setPresence({ audio: false, video: false, screen: true, hand: false });
  await room.clock.advance(100);
  const shown = () => of(b, 'track').filter(({ source }) => source === 'screen');
  assert.equal(shown().length, 1);
  assert.ok(shown()[0].track);
  a.mesh.setTracks({ screen: null });
  a.mesh.setPresence({ audio: false, video: false, screen: false, hand: false });
  await room.clock.advance(100);
  assert.equal(shown().at(-1).track, null);
  assert.deepEqual(toPeers(a), []);
  room.close();
});

test('tracks reach both sides, whoever offered, and follow a rebuilt connection', async () => {
  const room = new FakeRoom();
  const [voice, face] = [new FakeTrack('audio'), new FakeTrack('video')];
  const { a, b } = await room.pair();
  for (const { mesh } of [a, b]) {
    mesh.setTracks({ audio: /** @type {any} */ (voice), camera: /** @type {any} */ (face) });
  }
  for (const { pcs } of [a, b]) {
    const sent = pcs[0]?.getTransceivers().map(({ sender }) => sender.track);
    assert.deepEqual(sent, [voice, face, null, null]);
  }
  room.network.setCut(true);
  await room.clock.advance(40_000);
  room.network.setCut(false);
  await room.clock.advance(40_000);
  for (const { pcs } of [a, b]) {
    const sent = pcs
      .at(-1)
      ?.getTransceivers()
      .map(({ sender }) => sender.track);
    assert.deepEqual(sent, [voice, face, null, null]);
  }
  room.close();
});

test('a newer presence from the link stands against an older roster', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.mesh.setPresence({ audio: true, video: true, screen: false, hand: false });
  await room.clock.advance(50);
  room.roster(['A', 'B'], ['B']);
  assert.equal(of(b, 'presence').at(-1).audio, true);
  room.close();
});

test('a peer that floods its channel with rubbish is heard only through the server', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  const channel = b.pcs[0]?.channels.get(0);
  for (let i = 0; i < 2_000; i += 1) channel?.send('{"type":"chat.message"}');
  channel?.send(JSON.stringify({ type: 'chat.message', seq: 900, message_id: 'x', text: 'in' }));
  await room.clock.advance(100);
  assert.deepEqual(of(a, 'chat'), []);
  a.mesh.sendChat('by the server');
  assert.equal(a.sent.at(-1).type, 'chat.send');
  room.close();
});

test('strangers cannot make links without bound', async () => {
  const room = new FakeRoom();
  const { a } = await room.pair();
  for (let i = 0; i < 500; i += 1) {
    a.mesh.receive({ type: 'chat.message', from: `X${i}`, seq: 0, message_id: 'm', text: 'hi' });
  }
  assert.ok(a.mesh.peerIds.length <= 16);
  room.close();
});

test('whatever a call opened is closed with it: connections, channels, timers', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  room.network.setCut(true);
  await room.clock.advance(30_000);
  room.network.setCut(false);
  await room.clock.advance(10_000);
  room.close();
  await room.clock.advance(1_000);
  assert.equal(room.network.open.size, 0);
  assert.equal(room.clock.pending, 0);
  for (const pc of [...a.pcs, ...b.pcs]) {
    assert.equal(pc.onnegotiationneeded ?? pc.ontrack ?? pc.onicecandidate, null);
    for (const channel of pc.channels.values()) {
      assert.equal(channel.readyState, 'closed');
      assert.equal(channel.onmessage, null);
    }
  }
});
