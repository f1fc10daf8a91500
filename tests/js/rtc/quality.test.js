import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Governor } from '../../../services/web/static/js/rtc/governor.js';
import { planFor } from '../../../services/web/static/js/rtc/ladder.js';
import { QualityJudge } from '../../../services/web/static/js/rtc/quality.js';
import { rateBetween, sampleOf } from '../../../services/web/static/js/rtc/stats.js';
import { FakeTrack } from '../fakes/media.js';
import { FakeRoom } from '../fakes/room.js';

/** @typedef {import('../../../services/web/static/js/rtc/slots.js').Source} Source */

/**
 * @param {Governor} governor
 * @param {{ uplinkBps: number | null, limitation?: string | null, uplinkLoss?: number }} uplink
 * @param {number} from @param {number} to milliseconds
 */
function feed(governor, { uplinkBps, limitation = 'bandwidth', uplinkLoss = 0 }, from, to) {
  for (let now = from; now <= to; now += 2_000) {
    governor.observe({ uplinkBps, limitation, uplinkLoss }, now);
  }
}

test('an estimate that nobody strains holds nothing back', () => {
  const governor = new Governor();
  feed(governor, { uplinkBps: 300_000, limitation: null }, 0, 60_000);
  assert.deepEqual([governor.capBps, governor.action], [null, null]);
});

test('a strained uplink leaves the pictures four fifths of it, less the voice', () => {
  const governor = new Governor();
  feed(governor, { uplinkBps: 500_000 }, 0, 0);
  assert.equal(governor.capBps, 500_000 * 0.8 - 40_000);
  assert.equal(governor.action, 'less-video');
});

test('however many links strain, their sum stays within four fifths of the estimates', () => {
  for (const estimate of [90_000, 200_000, 1_000_000, 4_000_000]) {
    for (const people of [2, 3, 4, 6, 8]) {
      const governor = new Governor();
      feed(governor, { uplinkBps: estimate }, 0, 20_000);
      const { maxBitrate } = planFor({ source: 'camera', people, capBps: governor.capBps });
      const video = governor.paused ? 0 : maxBitrate;
      assert.ok(video + 40_000 <= Math.max(0.8 * estimate, 100_000), `${people} at ${estimate}`);
    }
  }
});

test('an uplink too small for a picture pauses it, and the voice goes on', () => {
  const governor = new Governor();
  feed(governor, { uplinkBps: 80_000 }, 0, 4_000);
  assert.equal(governor.action, 'audio-only');
});

test('a paused picture is tried again, each time after a longer wait', () => {
  const governor = new Governor();
  /** @type {number[]} */
  const resumed = [];
  let before = false;
  for (let now = 0; now < 200_000; now += 1_000) {
    governor.observe({ uplinkBps: 80_000, limitation: 'bandwidth', uplinkLoss: 0 }, now);
    if (before && !governor.paused) resumed.push(now);
    before = governor.paused;
  }
  const waits = resumed.slice(1).map((at, index) => at - (resumed[index] ?? 0));
  assert.ok(waits.length >= 2);
  assert.ok((waits[1] ?? 0) > (waits[0] ?? 0));
});

test('relieved, a picture grows back step by step', () => {
  const governor = new Governor();
  feed(governor, { uplinkBps: 400_000 }, 0, 2_000);
  const small = governor.capBps ?? 0;
  feed(governor, { uplinkBps: 900_000, limitation: null }, 4_000, 14_000);
  assert.ok((governor.capBps ?? 0) > small);
  feed(governor, { uplinkBps: 3_000_000, limitation: null }, 16_000, 60_000);
  assert.equal(governor.action, null);
});

test('heavy loss at the other end counts as strain, whatever the estimate says', () => {
  const governor = new Governor();
  feed(governor, { uplinkBps: 1_000_000, limitation: null, uplinkLoss: 0.3 }, 0, 0);
  assert.ok((governor.capBps ?? 0) <= 0.7 * 0.8 * 1_000_000);
});

const FINE = { state: 'connected', rttMs: 40, loss: 0, jitterMs: 5, action: null };

/**
 * @param {QualityJudge} judge
 * @param {Partial<import('../../../services/web/static/js/rtc/quality.js').Measured>} changes
 * @param {number} from @param {number} to milliseconds
 * @returns {(string | null)[]} after each sample
 */
function judged(judge, changes, from, to) {
  const said = [];
  for (let now = from; now <= to; now += 2_000) {
    judge.observe({ ...FINE, ...changes }, now);
    said.push(judge.quality);
  }
  return said;
}

test('a link is as good as its worst number', () => {
  for (const [changes, quality] of /** @type {[any, string | null][]} */ ([
    [{}, 'good'],
    [{ loss: 0.05 }, 'fair'],
    [{ rttMs: 700 }, 'poor'],
    [{ action: 'less-video' }, 'fair'],
    [{ action: 'audio-only' }, 'poor'],
    [{ state: 'reconnecting' }, 'lost'],
    [{ state: 'connecting' }, null],
    [{ rttMs: null, loss: null }, null],
  ])) {
    assert.equal(judged(new QualityJudge(), changes, 0, 4_000).at(-1), quality);
  }
});

test('one bad sample is no bad link, and two are', () => {
  const judge = new QualityJudge();
  judged(judge, {}, 0, 0);
  assert.deepEqual(judged(judge, { loss: 0.3 }, 2_000, 2_000), ['good']);
  assert.deepEqual(judged(judge, {}, 4_000, 4_000), ['good']);
  assert.deepEqual(judged(judge, { loss: 0.3 }, 6_000, 8_000), ['good', 'poor']);
});

test('a number that swings around a bound changes nothing after the first time', () => {
  const judge = new QualityJudge();
  judged(judge, { loss: 0.11 }, 0, 4_000);
  /** @type {Set<string | null>} */
  const said = new Set();
  for (let now = 6_000; now < 120_000; now += 4_000) {
    for (const quality of judged(judge, { loss: 0.09 }, now, now)) said.add(quality);
    for (const quality of judged(judge, { loss: 0.11 }, now + 2_000, now + 2_000))
      said.add(quality);
  }
  assert.deepEqual([...said], ['poor']);
});

test('a link is better when it has been for six seconds, and lost at once', () => {
  const judge = new QualityJudge();
  judged(judge, { rttMs: 700 }, 0, 4_000);
  assert.deepEqual(judged(judge, {}, 6_000, 12_000), ['poor', 'poor', 'poor', 'good']);
  assert.deepEqual(judged(judge, { state: 'reconnecting' }, 14_000, 14_000), ['lost']);
  assert.deepEqual(judged(judge, { loss: 0.5 }, 16_000, 18_000), ['good', 'poor']);
});

test('the numbers of a link are read from the statistics', () => {
  const report = /** @type {any} */ (
    new Map([
      ['c', { type: 'codec', mimeType: 'video/VP8' }],
      [
        'a',
        {
          type: 'inbound-rtp',
          kind: 'audio',
          mid: '0',
          packetsReceived: 50,
          jitter: 0.004,
          bytesReceived: 1_000,
        },
      ],
      [
        's',
        {
          type: 'inbound-rtp',
          kind: 'video',
          mid: '2',
          frameWidth: 320,
          frameHeight: 180,
          framesDecoded: 1,
        },
      ],
      [
        'v',
        {
          type: 'inbound-rtp',
          kind: 'video',
          mid: '1',
          frameWidth: 640,
          frameHeight: 360,
          framesPerSecond: 30,
          framesDecoded: 90,
          codecId: 'c',
          bytesReceived: 9_000,
        },
      ],
      [
        'o',
        {
          type: 'outbound-rtp',
          kind: 'video',
          bytesSent: 4_000,
          qualityLimitationReason: 'bandwidth',
        },
      ],
      ['r', { type: 'remote-inbound-rtp', fractionLost: 0.2 }],
    ])
  );
  const sample = sampleOf(report, 2_000);
  assert.deepEqual(sample.picture, { width: 640, height: 360, fps: 30, codec: 'VP8' });
  assert.deepEqual(
    [...sample.flows],
    [
      ['0', 50],
      ['2', 1],
      ['1', 90],
    ],
  );
  assert.deepEqual([sample.jitterMs, sample.limitation, sample.uplinkLoss], [4, 'bandwidth', 0.2]);
  const before = { ...sample, at: 1_000, inBytes: 5_000, outBytes: 9_999 };
  assert.equal(rateBetween(before, sample, 'inBytes'), 40_000);
  assert.equal(rateBetween(before, sample, 'outBytes'), null, 'another connection counts anew');
});

/**
 * A pair in which A says that it sends, and B counts what arrives.
 *
 * @param {{ audio?: boolean, video?: boolean }} says
 */
async function watched({ audio = false, video = true }) {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  a.mesh.setTracks({ camera: /** @type {any} */ (new FakeTrack('video')) });
  a.mesh.setPresence({ audio, video, screen: false, hand: false });
  await room.clock.advance(1_000);
  /** @param {number} ms @param {Source[]} flowing */
  const pass = async (ms, flowing) => {
    for (let elapsed = 0; elapsed < ms; elapsed += 500) {
      const pc = b.pcs.at(-1);
      for (const [mid, source] of /** @type {const} */ ([
        ['0', 'audio'],
        ['1', 'camera'],
      ])) {
        if (!flowing.includes(source)) continue;
        const kind = source === 'audio' ? 'audio' : 'video';
        pc?.flows.set(mid, { kind, count: (pc.flows.get(mid)?.count ?? 0) + 10 });
      }
      await room.clock.advance(500);
    }
  };
  return { room, a, b, pass };
}

test('a picture that is promised and does not come ends in a new connection', async () => {
  const { room, b, pass } = await watched({});
  await pass(20_000, ['camera']);
  assert.equal(b.pcs.length, 1);
  await pass(10_000, []);
  assert.equal(b.pcs.length, 2);
  assert.deepEqual([room.states('A'), room.states('B')], [['B connected'], ['A connected']]);
  room.close();
});

test('a voice that stands still counts as much', async () => {
  const { room, b, pass } = await watched({ audio: true });
  await pass(10_000, ['audio', 'camera']);
  await pass(10_000, ['camera']);
  assert.equal(b.pcs.length, 2);
  room.close();
});

test('what never comes is given up in ever longer steps, not rebuilt without end', async () => {
  const { room, b, pass } = await watched({});
  await pass(600_000, []);
  assert.ok(b.pcs.length <= 4, `${b.pcs.length} connections`);
  assert.deepEqual(room.states('B'), ['A connected']);
  room.close();
});

test('nothing is missed of somebody who sends nothing', async () => {
  const { room, a, b, pass } = await watched({});
  a.mesh.setTracks({ camera: null });
  await pass(60_000, []);
  a.mesh.setTracks({ camera: /** @type {any} */ (new FakeTrack('video')) });
  a.mesh.setPresence({ audio: false, video: false, screen: false, hand: false });
  await pass(60_000, []);
  assert.equal(b.pcs.length, 1);
  room.close();
});

/** @param {import('../fakes/room.js').Peer} peer */
const cameraOf = (peer) => peer.pcs.at(-1)?.getTransceivers()[1]?.encoding;

test('a tile that is not shown is not sent, and nobody waits for it', async () => {
  const { room, a, b, pass } = await watched({});
  await pass(4_000, ['camera']);
  b.mesh.setVisible([]);
  await room.clock.advance(100);
  assert.equal(/** @type {any} */ (cameraOf(a)).active, false);
  await pass(60_000, []);
  assert.equal(b.pcs.length, 1);
  b.mesh.setVisible(['A']);
  await room.clock.advance(100);
  assert.equal(/** @type {any} */ (cameraOf(a)).active, true);
  room.close();
});

test('what a page looks at is known to the new connection too', async () => {
  const { room, a, b } = await watched({});
  b.mesh.setVisible([]);
  room.network.setCut(true);
  await room.clock.advance(40_000);
  room.network.setCut(false);
  await room.clock.advance(40_000);
  assert.equal(/** @type {any} */ (cameraOf(a)).active, false);
  room.close();
});

test('operators hear how each link went: set-up, restart, end', async () => {
  const room = new FakeRoom();
  const { a, b } = await room.pair();
  const told = () => a.sent.filter(({ type }) => type === 'call.report');
  assert.deepEqual(
    told().map(({ outcome, peer_id }) => [outcome, peer_id]),
    [['connected', 'B']],
  );
  assert.ok(told()[0].setup_ms > 0);
  room.network.setCut(true);
  await room.clock.advance(5_000);
  room.network.setCut(false);
  await room.clock.advance(5_000);
  a.mesh.peerGone({ peer_id: 'B' });
  assert.deepEqual(
    told().map(({ outcome }) => outcome),
    ['connected', 'restarted', 'ended'],
  );
  assert.ok(told()[2].seconds > 5);
  assert.equal(told()[2].path, 'host');
  b.mesh.close();
  room.close();
});

test('what is done about pictures is no news of a link that carries none', async () => {
  const room = new FakeRoom();
  const { a } = await room.pair();
  const link = () => /** @type {any} */ (a.mesh.reports[0]);
  a.mesh.setTracks({ camera: /** @type {any} */ (new FakeTrack('video')) });
  a.pcs.at(-1)?.extraStats.push(
    {
      id: 'P',
      type: 'candidate-pair',
      localCandidateId: 'L',
      remoteCandidateId: 'R',
      availableOutgoingBitrate: 80_000,
    },
    { id: 'O', type: 'outbound-rtp', kind: 'video', qualityLimitationReason: 'bandwidth' },
  );
  await room.clock.advance(10_000);
  assert.deepEqual([link().action, link().quality], ['audio-only', 'poor']);
  a.mesh.setTracks({ camera: null });
  assert.equal(link().action, null);
  await room.clock.advance(9_000);
  assert.equal(link().quality, 'good');
  room.close();
});

test('one bad sample at the end of a wait sets no level that was not there all the time', () => {
  const judge = new QualityJudge();
  const at = (/** @type {number} */ rttMs, /** @type {number} */ now) => {
    judge.observe({ state: 'connected', rttMs, loss: 0, jitterMs: 0, action: null }, now);
    return judge.quality;
  };
  assert.equal(at(100, 0), 'good');
  assert.equal(at(320, 2_000), 'good');
  assert.equal(at(700, 4_000), 'fair');
  assert.equal(at(700, 6_000), 'fair');
  assert.equal(at(700, 8_000), 'poor');
});
