import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bucket } from '../../../services/web/static/js/lib/bucket.js';
import { Heartbeat } from '../../../services/web/static/js/rtc/heartbeat.js';
import { Inbox } from '../../../services/web/static/js/rtc/inbox.js';
import { CpuGuard, cameraRung, planFor } from '../../../services/web/static/js/rtc/ladder.js';
import { pathOf } from '../../../services/web/static/js/rtc/path.js';
import { LADDER, Recovery } from '../../../services/web/static/js/rtc/recovery.js';
import {
  candidatesOf,
  keepRole,
  originOf,
  ufragsOf,
} from '../../../services/web/static/js/rtc/sdp.js';
import { lossBetween } from '../../../services/web/static/js/rtc/stats.js';
import { LinkTransport } from '../../../services/web/static/js/rtc/transport.js';
import { SERVER_CHAT_PACE } from '../../../services/web/static/js/signaling/limits.js';
import { FakeClock } from '../fakes/clock.js';

const SDP = [
  'v=0',
  'o=mozilla...THIS_IS_SDPARTA-99.0 6146229154 0 IN IP4 0.0.0.0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 109',
  'a=candidate:0 1 UDP 2122252543 192.0.2.1 50000 typ host',
  'a=ice-ufrag:abcd',
  'a=mid:0',
  'a=setup:actpass',
  'm=video 0 UDP/TLS/RTP/SAVPF 120',
  'a=mid:1',
  'a=ice-ufrag:abcd',
  'a=setup:actpass',
  '',
].join('\r\n');

test('a description tells its connection, its generation and its candidates', () => {
  assert.equal(originOf(SDP), '6146229154');
  assert.deepEqual([...ufragsOf(SDP)], ['abcd']);
  assert.deepEqual(candidatesOf(SDP), [
    {
      candidate: 'candidate:0 1 UDP 2122252543 192.0.2.1 50000 typ host',
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: 'abcd',
    },
  ]);
});

for (const [ours, setup, role] of [
  ['answer', 'active', 'active'],
  ['answer', 'passive', 'passive'],
  ['offer', 'active', 'passive'],
  ['offer', 'passive', 'active'],
]) {
  test(`a later offer keeps the role: our ${ours}, answered ${setup}, makes us ${role}`, () => {
    const answer = { type: 'answer', sdp: `a=setup:${setup}\r\n` };
    const offer = { type: 'offer', sdp: 'a=setup:actpass\r\n' };
    const pc = /** @type {any} */ ({
      currentLocalDescription: ours === 'answer' ? answer : offer,
      currentRemoteDescription: ours === 'answer' ? offer : answer,
    });
    assert.equal(keepRole(SDP, pc).match(new RegExp(`a=setup:${role}`, 'g'))?.length, 2);
  });
}

test('a first offer leaves the choice of the role', () => {
  const pc = /** @type {any} */ ({ currentLocalDescription: null, currentRemoteDescription: null });
  assert.equal(keepRole(SDP, pc), SDP);
});

test('each frame is taken once, in whatever order', () => {
  const inbox = new Inbox();
  assert.deepEqual(
    [3, 1, 3, 2, 1].map((seq) => inbox.accept(seq)),
    [true, true, false, true, false],
  );
});

test('what the inbox remembers is bounded, and what it forgot it refuses', () => {
  const inbox = new Inbox();
  for (let seq = 0; seq < 5_000; seq += 1) assert.ok(inbox.accept(seq));
  assert.equal(inbox.accept(10), false);
  assert.ok(inbox.accept(Number.MAX_SAFE_INTEGER));
});

/** @param {(misses: number) => void} onMiss */
function heartbeat(onMiss) {
  const clock = new FakeClock();
  const asked = /** @type {number[]} */ ([]);
  const beat = new Heartbeat({
    timers: clock,
    send: ({ t }) => asked.push(t),
    onMiss,
    onAlive() {},
  });
  return { clock, beat, asked };
}

test('three unanswered questions in a row are a loss', async () => {
  /** @type {number[]} */
  const misses = [];
  const { clock, beat, asked } = heartbeat((count) => misses.push(count));
  beat.start();
  await clock.advance(10);
  beat.answer(asked[0] ?? 0);
  await clock.advance(1_980);
  assert.deepEqual(misses, [1, 2]);
  await clock.advance(20);
  assert.equal(beat.state, 'lost');
  beat.answer(asked.at(-1) ?? 0);
  assert.equal(beat.state, 'alive');
  beat.close();
  assert.equal(clock.pending, 0);
});

test('a long round trip is not a loss', async () => {
  const { clock, beat, asked } = heartbeat(() => {});
  beat.start();
  for (let step = 0; step < 100; step += 1) {
    const before = asked.length;
    await clock.advance(100);
    for (const t of asked.slice(before)) clock.set(() => beat.answer(t), 1_400);
  }
  assert.equal(beat.state, 'alive');
  assert.ok((beat.rttMs ?? 0) > 1_300);
  beat.close();
});

test('before the first answer nothing is missed', async () => {
  const { clock, beat } = heartbeat(() => assert.fail('missed'));
  beat.start();
  await clock.advance(60_000);
  assert.equal(beat.state, 'unproven');
  beat.close();
});

test('after doubt an answer to an older question proves nothing', async () => {
  const { clock, beat, asked } = heartbeat(() => {});
  beat.start();
  await clock.advance(10);
  beat.answer(asked[0] ?? 0);
  await clock.advance(500);
  beat.doubt();
  beat.answer(asked[1] ?? 0);
  assert.equal(beat.state, 'doubted');
  beat.close();
});

test('an answer from the future is nobody’s answer', async () => {
  const { clock, beat } = heartbeat(() => {});
  beat.start();
  await clock.advance(10);
  beat.answer(1e12);
  assert.equal(beat.state, 'unproven');
  beat.close();
});

test('remedies grow from new credentials to a new connection, and never end', async () => {
  const clock = new FakeClock();
  /** @type {string[]} */
  const tried = [];
  const recovery = new Recovery({
    timers: clock,
    attempt: (remedy) => tried.push(remedy),
    blocked: () => false,
  });
  recovery.start();
  await clock.advance(LADDER.reduce((sum, { patienceMs }) => sum + patienceMs, 0) + 60_000);
  assert.deepEqual(tried.slice(0, 4), ['ice', 'ice', 'ice', 'rebuild']);
  assert.ok(tried.length >= LADDER.length + 2);
  assert.ok(recovery.hopeless);
  recovery.done();
  assert.equal(recovery.running, false);
  assert.equal(clock.pending, 0);
});

test('an attempt that could not leave this page does not count', async () => {
  const clock = new FakeClock();
  let attempts = 0;
  const recovery = new Recovery({
    timers: clock,
    attempt: () => {
      attempts += 1;
    },
    blocked: () => true,
  });
  recovery.start();
  await clock.advance(600_000);
  assert.equal(attempts, 1);
  recovery.close();
});

/** A transport's clock, and the pace of its chat. */
function pacing(timers = new FakeClock()) {
  return { timers, serverChat: new Bucket({ ...SERVER_CHAT_PACE, now: timers.now }) };
}

test('what cannot leave waits, but not without bound', () => {
  const sent = /** @type {any[]} */ ([]);
  let online = false;
  const transport = new LinkTransport({
    peerId: 'B',
    server: (frame) => online && sent.push(frame) > 0,
    channel: () => null,
    ...pacing(),
  });
  for (let seq = 0; seq < 1_000; seq += 1) {
    transport.post({ type: 'peer.candidates', seq, candidates: [] });
  }
  online = true;
  transport.flush();
  assert.equal(sent.length, 64);
  assert.equal(sent.at(-1).seq, 999);
  assert.equal(sent[0].to, 'B');
});

test('an unsent offer is dropped for a newer one; an unsent answer never is', () => {
  const sent = /** @type {any[]} */ ([]);
  let online = false;
  const transport = new LinkTransport({
    peerId: 'B',
    server: (frame) => online && sent.push(frame) > 0,
    channel: () => null,
    ...pacing(),
  });
  transport.post({ type: 'peer.description', seq: 1, kind: 'offer', sdp: 'a' });
  transport.post({ type: 'peer.candidates', seq: 2, candidates: [] });
  transport.post({ type: 'peer.description', seq: 3, kind: 'answer', sdp: 'b', answers: 0 });
  transport.post({ type: 'peer.candidates', seq: 4, candidates: [] });
  transport.post({ type: 'peer.description', seq: 5, kind: 'offer', sdp: 'c' });
  online = true;
  transport.flush();
  assert.deepEqual(
    sent.map(({ seq }) => seq),
    [3, 4, 5],
  );
});

/** @param {any} pair @param {any} local @param {any} remote @param {boolean} firefox */
function report(pair, local, remote, firefox = false) {
  const entries = [
    ['L', { type: 'local-candidate', ...local }],
    ['R', { type: 'remote-candidate', ...remote }],
    [
      'P',
      {
        type: 'candidate-pair',
        localCandidateId: 'L',
        remoteCandidateId: 'R',
        ...(firefox ? { selected: true } : {}),
        ...pair,
      },
    ],
  ];
  if (!firefox) entries.unshift(['T', { type: 'transport', selectedCandidatePairId: 'P' }]);
  return /** @type {any} */ (new Map(/** @type {any} */ (entries)));
}

for (const [name, local, remote, path] of /** @type {[string, any, any, string][]} */ ([
  ['two hosts', { candidateType: 'host' }, { candidateType: 'host' }, 'host'],
  ['behind a NAT', { candidateType: 'srflx' }, { candidateType: 'host' }, 'srflx'],
  ['seen from outside', { candidateType: 'host' }, { candidateType: 'prflx' }, 'srflx'],
  [
    'own relay',
    { candidateType: 'relay', relayProtocol: 'tls' },
    { candidateType: 'host' },
    'relay/tls',
  ],
  [
    'own relay, named by its address only',
    { candidateType: 'relay', url: 'turn:t:3478?transport=tcp' },
    { candidateType: 'host' },
    'relay/tcp',
  ],
  [
    'their relay',
    { candidateType: 'srflx' },
    { candidateType: 'relay', priority: 0x02ffffff },
    'relay/udp',
  ],
  [
    'their relay over TLS',
    { candidateType: 'host' },
    { candidateType: 'relay', priority: 0x00ffffff },
    'relay/tls',
  ],
])) {
  test(`the path of a link is read from its selected pair: ${name}`, () => {
    assert.equal(pathOf(report({}, local, remote)), path);
    assert.equal(pathOf(report({}, local, remote, true)), path);
  });
}

test('no selected pair, no path', () => {
  assert.equal(pathOf(/** @type {any} */ (new Map())), null);
});

test('loss is the share between two samples, and null when nothing came', () => {
  const sample = (/** @type {number} */ received, /** @type {number} */ lost) =>
    /** @type {any} */ ({ received, lost });
  assert.equal(lossBetween(sample(100, 0), sample(190, 10)), 0.1);
  assert.equal(lossBetween(null, sample(0, 0)), null);
  assert.equal(lossBetween(sample(500, 5), sample(10, 0)), null);
});

test('the more people, the less is sent to each, and never more in all', () => {
  let before = Number.POSITIVE_INFINITY;
  for (let people = 2; people <= 8; people += 1) {
    const { bps } = cameraRung(people);
    assert.ok(bps <= before);
    assert.ok(bps * (people - 1) <= 2_500_000);
    before = bps;
  }
});

test('a screen keeps its sharpness, a face its rate', () => {
  const screen = planFor({ source: 'screen', people: 8 });
  assert.equal(screen.scaleResolutionDownBy, 1);
  assert.equal(screen.preference, 'maintain-resolution');
  const face = planFor({ source: 'camera', people: 4, height: 720 });
  assert.equal(face.scaleResolutionDownBy, 2);
  assert.equal(face.preference, 'maintain-framerate');
});

test('a small picture is never made larger', () => {
  assert.equal(planFor({ source: 'camera', people: 2, height: 180 }).scaleResolutionDownBy, 1);
});

test('a processor at its limit goes one rung down after 5 s and up again after 20', () => {
  const guard = new CpuGuard();
  guard.observe(true, 0);
  guard.observe(true, 4_000);
  assert.equal(guard.lower, 0);
  guard.observe(true, 5_000);
  assert.equal(guard.lower, 1);
  guard.observe(false, 6_000);
  guard.observe(false, 20_000);
  assert.equal(guard.lower, 1);
  guard.observe(false, 26_000);
  assert.equal(guard.lower, 0);
});
