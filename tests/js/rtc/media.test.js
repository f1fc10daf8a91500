import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Media } from '../../../services/web/static/js/rtc/media.js';
import { PAUSE_MS, RETIRE_MS } from '../../../services/web/static/js/rtc/media-capture.js';
import { FakeClock } from '../fakes/clock.js';
import { FakeStream, FakeTrack } from '../fakes/media.js';

/**
 * @typedef {{ camera?: string, microphone?: string, screen?: string }} Faults Names of DOMExceptions.
 */

/**
 * A machine with two microphones and two cameras, of which `default` is the first.
 *
 * @param {Faults} [faults]
 * @param {{ permission?: string | null, policy?: boolean, message?: string }} [clues]
 */
function machine(faults = {}, { permission = null, policy = true, message = 'no' } = {}) {
  const clock = new FakeClock();
  const opened = /** @type {FakeTrack[]} */ ([]);
  const asked = /** @type {any[]} */ ([]);
  const plugged = new Map([
    ['mic-1', 'audioinput'],
    ['mic-2', 'audioinput'],
    ['cam-1', 'videoinput'],
    ['cam-2', 'videoinput'],
  ]);
  /** Devices that open only while nothing else of their kind runs. */
  const single = new Set();
  const open = (/** @type {'audio' | 'video'} */ kind, /** @type {any} */ wanted) => {
    const ids = [...plugged].filter(([, each]) => each === `${kind}input`).map(([id]) => id);
    const { exact, ideal } = wanted?.deviceId ?? {};
    const deviceId = exact ?? (ids.includes(ideal) ? ideal : ids[0]);
    if (!ids.includes(deviceId)) throw new DOMException('gone', 'NotFoundError');
    const running = opened.some((each) => each.kind === kind && each.readyState === 'live');
    if (single.has(kind) && running) throw new DOMException('one only', 'NotReadableError');
    const track = new FakeTrack(kind, { deviceId, label: `the ${deviceId}` });
    opened.push(track);
    return track;
  };
  const fail = (/** @type {string | undefined} */ name) => {
    if (name) throw new DOMException(message, name);
  };
  const mediaDevices = /** @type {any} */ ({
    getUserMedia: async (/** @type {any} */ { audio, video }) => {
      asked.push({ audio, video });
      if (audio) fail(faults.microphone);
      if (video) fail(faults.camera);
      const microphone = audio ? [open('audio', audio)] : [];
      const camera = video ? [open('video', video)] : [];
      return new FakeStream([...microphone, ...camera]);
    },
    getDisplayMedia: async () => {
      fail(faults.screen);
      return new FakeStream([new FakeTrack('video'), new FakeTrack('audio')].map(keep));
    },
    enumerateDevices: async () =>
      [...plugged].map(([deviceId, kind]) => ({ deviceId, kind, label: `the ${deviceId}` })),
  });
  const keep = (/** @type {FakeTrack} */ track) => {
    opened.push(track);
    return track;
  };
  const media = new Media({
    mediaDevices,
    timers: clock,
    clues: { permission: async () => permission, allowedByPolicy: () => policy },
  });
  const codes = /** @type {string[]} */ ([]);
  media.on('error', ({ code }) => codes.push(code));
  const camera = () => /** @type {any} */ (media.tracks.camera);
  const microphone = () => /** @type {any} */ (media.tracks.audio);
  const live = () => opened.filter(({ readyState }) => readyState === 'live');
  return {
    ...{ media, mediaDevices, clock, opened, asked, plugged, single, codes, faults },
    ...{ camera, microphone, live },
  };
}

test('muting keeps the microphone open; the camera is really stopped', async () => {
  const { media, live, opened } = machine();
  await media.start();
  await media.setAudio(false);
  assert.equal(media.tracks.audio?.enabled, false);
  assert.equal(media.audio, false);
  await media.setVideo(false);
  assert.equal(media.tracks.camera, null);
  assert.deepEqual(
    live().map(({ kind }) => kind),
    ['audio'],
  );
  await media.setAudio(true);
  assert.equal(opened.length, 2);
  media.close();
});

test('without a camera there is still a voice, and a reason', async () => {
  const { media, codes } = machine({ camera: 'NotFoundError' });
  await media.start();
  assert.ok(media.tracks.audio);
  assert.deepEqual(codes, ['camera_missing']);
  media.close();
});

/** @type {[string, any, string][]} */
const REFUSALS = [
  ['NotAllowedError', {}, 'denied'],
  ['NotAllowedError', { permission: 'denied' }, 'denied'],
  ['NotAllowedError', { permission: 'prompt' }, 'dismissed'],
  ['NotAllowedError', { message: 'Permission dismissed' }, 'dismissed'],
  ['NotAllowedError', { message: 'Permission denied by system' }, 'system'],
  ['NotAllowedError', { policy: false }, 'policy'],
  ['SecurityError', {}, 'denied'],
  ['NotFoundError', {}, 'missing'],
  ['OverconstrainedError', {}, 'unfit'],
  ['NotReadableError', {}, 'busy'],
  ['AbortError', {}, 'busy'],
  ['StrangeError', {}, 'failed'],
];
for (const [name, clues, reason] of REFUSALS) {
  const why = JSON.stringify(clues);
  test(`${name} of the microphone, ${why}, is told as microphone_${reason}`, async () => {
    const { media, codes } = machine({ microphone: name }, clues);
    await media.start({ audio: true, video: false });
    assert.deepEqual(codes, [`microphone_${reason}`]);
    media.close();
  });
}

test('who closes the question for both is not asked again for each', async () => {
  const { media, codes, asked } = machine(
    { microphone: 'NotAllowedError' },
    { permission: 'prompt' },
  );
  await media.start();
  assert.equal(asked.length, 1);
  assert.deepEqual(codes, ['microphone_dismissed', 'camera_dismissed']);
  media.close();
});

test('a page without the interface says so for each device', async () => {
  const media = new Media({ mediaDevices: /** @type {any} */ ({}) });
  const codes = /** @type {string[]} */ ([]);
  media.on('error', ({ code }) => codes.push(code));
  await media.start();
  await media.startScreen();
  assert.deepEqual(codes, ['microphone_unsupported', 'camera_unsupported', 'screen_unsupported']);
  media.close();
});

test('two quick clicks on the camera open it once and end as the last one said', async () => {
  const { media, live } = machine();
  await Promise.all([media.setVideo(true), media.setVideo(false), media.setVideo(true)]);
  assert.equal(live().length, 1);
  await Promise.all([media.setVideo(false), media.setVideo(true), media.setVideo(false)]);
  assert.equal(live().length, 0);
  media.close();
});

test('a device that is switched off while the question is open is not kept', async () => {
  const { media, live } = machine();
  const started = media.start();
  const off = media.setVideo(false);
  await Promise.all([started, off]);
  assert.deepEqual(
    live().map(({ kind }) => kind),
    ['audio'],
  );
  media.close();
});

test('another camera is open before the old one is let go', async () => {
  const { media, camera, clock, live } = machine();
  await media.start({ audio: false, video: true });
  const old = camera();
  await media.setDevices({ camera: 'cam-2' });
  assert.equal(camera().deviceId, 'cam-2');
  assert.equal(old.readyState, 'live');
  await clock.advance(RETIRE_MS);
  assert.equal(old.readyState, 'ended');
  assert.deepEqual(live(), [camera()]);
  media.close();
  assert.equal(clock.pending, 0);
});

test('a phone that opens one camera at a time gets the other one all the same', async () => {
  const { media, camera, live, single, codes, clock } = machine();
  single.add('video');
  await media.start({ audio: false, video: true });
  await media.setDevices({ camera: 'cam-2' });
  await clock.advance(RETIRE_MS);
  assert.equal(camera().deviceId, 'cam-2');
  assert.equal(live().length, 1);
  assert.deepEqual(codes, []);
  media.close();
});

test('a change that is refused leaves the running device', async () => {
  const { media, camera, faults, codes } = machine();
  await media.start({ audio: false, video: true });
  faults.camera = 'OverconstrainedError';
  await media.setDevices({ camera: 'cam-2' });
  assert.equal(camera().deviceId, 'cam-1');
  assert.deepEqual(codes, ['camera_unfit']);
  media.close();
});

test('the microphone is exchanged muted when it is muted', async () => {
  const { media, microphone } = machine();
  await media.start({ audio: true, video: false });
  await media.setAudio(false);
  await media.setDevices({ microphone: 'mic-2' });
  assert.equal(microphone().deviceId, 'mic-2');
  assert.equal(microphone().enabled, false);
  media.close();
});

test('other settings of the sound open the microphone anew with them', async () => {
  const { media, asked, microphone, clock } = machine();
  await media.start({ audio: true, video: false });
  const old = microphone();
  const wanted = { noiseSuppression: false, echoCancellation: true, autoGainControl: true };
  await media.setProcessing(wanted);
  await media.setProcessing(wanted);
  assert.equal(asked.length, 2);
  assert.equal(asked.at(-1).audio.noiseSuppression, false);
  assert.notEqual(microphone(), old);
  await clock.advance(RETIRE_MS);
  assert.equal(old.readyState, 'ended');
  media.close();
});

test('a camera that is pulled out is replaced by the other one', async () => {
  const { media, camera, plugged, codes, clock } = machine();
  const changes = /** @type {any[]} */ ([]);
  media.on('fellBack', (change) => changes.push(change));
  await media.start({ audio: false, video: true });
  plugged.delete('cam-1');
  camera().end();
  await clock.settle();
  assert.equal(camera().deviceId, 'cam-2');
  assert.deepEqual(changes, [{ device: 'camera', label: 'the cam-2' }]);
  assert.deepEqual(codes, []);
  media.close();
});

test('the last camera that is pulled out is told and forgotten', async () => {
  const { media, camera, plugged, codes, clock } = machine();
  await media.start();
  plugged.delete('cam-1');
  plugged.delete('cam-2');
  camera().end();
  await clock.settle();
  assert.deepEqual(codes, ['camera_lost']);
  assert.equal(media.video, false);
  assert.equal(media.audio, true);
  media.close();
});

test('a page that lost its permission puts no question', async () => {
  const { media, camera, mediaDevices, asked, codes, clock } = machine();
  await media.start({ audio: false, video: true });
  mediaDevices.enumerateDevices = async () => [
    { deviceId: '', kind: 'videoinput', label: '' },
    { deviceId: 'x', kind: 'videoinput', label: '' },
  ];
  const before = asked.length;
  camera().end();
  await clock.settle();
  assert.equal(asked.length, before);
  assert.deepEqual(codes, ['camera_lost']);
  media.close();
});

test('a camera that the system holds back is paused until it is given back', async () => {
  const { media, camera, clock } = machine();
  await media.start();
  camera().hold(true);
  assert.equal(media.paused.video, false, 'a device that starts is not paused yet');
  await clock.advance(PAUSE_MS);
  assert.deepEqual(media.paused, { audio: false, video: true });
  camera().hold(false);
  assert.deepEqual(media.paused, { audio: false, video: false });
  media.close();
});

test('a page that is seen again fetches back what the system took silently', async () => {
  const { media, camera, microphone, clock } = machine();
  await media.start();
  const [silent, dead] = [microphone(), camera()];
  silent.hold(true);
  dead.readyState = 'ended';
  media.revive();
  await clock.advance(5000);
  assert.notEqual(microphone(), silent);
  assert.equal(silent.readyState, 'ended');
  assert.notEqual(camera(), dead);
  assert.equal(media.video, true);
  media.close();
});

test('the blur of the browser is asked of a camera that has it, also of the next one', async () => {
  const { media, camera } = machine();
  await media.start({ audio: false, video: true });
  const applied = /** @type {boolean[]} */ ([]);
  camera().getCapabilities = () => ({ backgroundBlur: [true, false] });
  camera().applyConstraints = async (/** @type {any} */ { backgroundBlur }) => {
    applied.push(backgroundBlur);
  };
  assert.equal(media.canBlur, true);
  await media.setBlur(true);
  assert.deepEqual(applied, [true]);
  await media.setDevices({ camera: 'cam-2' });
  assert.equal(media.canBlur, false);
  media.close();
});

test('the browser’s own stop button ends picture and sound of the screen, not the camera', async () => {
  const { media, live } = machine();
  await media.start();
  assert.equal(await media.startScreen(), true);
  assert.equal(media.tracks.screen?.contentHint, 'detail');
  /** @type {any} */ (media.tracks.screen).end();
  assert.equal(media.screen, false);
  assert.equal(live().length, 2);
  assert.equal(media.video, true);
  media.close();
});

test('the sound of a screen may end alone', async () => {
  const { media } = machine();
  await media.startScreen();
  /** @type {any} */ (media.tracks.screenAudio).end();
  assert.equal(media.screen, true);
  assert.equal(media.tracks.screenAudio, null);
  media.close();
});

test('a cancelled screen share is no track and a reason', async () => {
  const { media, codes } = machine({ screen: 'NotAllowedError' });
  assert.equal(await media.startScreen(), false);
  assert.deepEqual(codes, ['screen_denied']);
  media.close();
});

test('closing stops every track, listener and timer, also a track that arrives afterwards', async () => {
  const { media, live, opened, camera, clock } = machine();
  await media.start();
  await media.startScreen();
  await media.setDevices({ microphone: 'mic-2' });
  camera().hold(true);
  const late = media.setDevices({ camera: 'cam-2' });
  media.close();
  await late;
  await clock.settle();
  assert.equal(live().length, 0);
  assert.equal(clock.pending, 0);
  assert.deepEqual(
    opened.map(({ listenerCount }) => listenerCount),
    opened.map(() => 0),
  );
});
