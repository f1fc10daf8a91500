import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Media } from '../../../services/web/static/js/rtc/media.js';
import { FakeStream, FakeTrack } from '../fakes/media.js';

/** @param {{ camera?: string, microphone?: string, screen?: string }} [faults] names of DOMExceptions */
function devices(faults = {}) {
  const opened = /** @type {FakeTrack[]} */ ([]);
  const open = (/** @type {'audio' | 'video'} */ kind) => {
    const track = new FakeTrack(kind);
    opened.push(track);
    return track;
  };
  const fail = (/** @type {string | undefined} */ name) => {
    if (name) throw new DOMException('no', name);
  };
  return {
    opened,
    live: () => opened.filter(({ readyState }) => readyState === 'live'),
    mediaDevices: /** @type {any} */ ({
      getUserMedia: async (/** @type {any} */ { audio, video }) => {
        if (audio) fail(faults.microphone);
        if (video) fail(faults.camera);
        const microphone = audio ? [open('audio')] : [];
        const camera = video ? [open('video')] : [];
        return new FakeStream([...microphone, ...camera]);
      },
      getDisplayMedia: async () => {
        fail(faults.screen);
        return new FakeStream([open('video'), open('audio')]);
      },
    }),
  };
}

/** @param {Media} media */
function faultsOf(media) {
  const codes = /** @type {string[]} */ ([]);
  media.on('error', ({ code }) => codes.push(code));
  return codes;
}

test('muting keeps the microphone open; the camera is really stopped', async () => {
  const { mediaDevices, live, opened } = devices();
  const media = new Media({ mediaDevices });
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
  const { mediaDevices } = devices({ camera: 'NotFoundError' });
  const media = new Media({ mediaDevices });
  const codes = faultsOf(media);
  await media.start();
  assert.ok(media.tracks.audio);
  assert.deepEqual(codes, ['camera_missing']);
  media.close();
});

for (const [name, reason] of [
  ['NotAllowedError', 'denied'],
  ['NotReadableError', 'busy'],
  ['StrangeError', 'failed'],
]) {
  test(`${name} of the microphone is told as microphone_${reason}`, async () => {
    const { mediaDevices } = devices({ microphone: name });
    const media = new Media({ mediaDevices });
    const codes = faultsOf(media);
    await media.start({ audio: true, video: false });
    assert.deepEqual(codes, [`microphone_${reason}`]);
    media.close();
  });
}

test('two quick clicks on the camera open it once and end as the last one said', async () => {
  const { mediaDevices, live } = devices();
  const media = new Media({ mediaDevices });
  await Promise.all([media.setVideo(true), media.setVideo(false), media.setVideo(true)]);
  assert.equal(live().length, 1);
  await Promise.all([media.setVideo(false), media.setVideo(true), media.setVideo(false)]);
  assert.equal(live().length, 0);
  media.close();
});

test('the browser’s own stop button ends picture and sound of the screen', async () => {
  const { mediaDevices, live } = devices();
  const media = new Media({ mediaDevices });
  assert.equal(await media.startScreen(), true);
  assert.equal(media.tracks.screen?.contentHint, 'detail');
  /** @type {any} */ (media.tracks.screen).end();
  assert.equal(media.screen, false);
  assert.equal(live().length, 0);
  media.close();
});

test('a cancelled screen share is no track and a reason', async () => {
  const { mediaDevices } = devices({ screen: 'NotAllowedError' });
  const media = new Media({ mediaDevices });
  const codes = faultsOf(media);
  assert.equal(await media.startScreen(), false);
  assert.deepEqual(codes, ['screen_denied']);
  media.close();
});

test('an unplugged camera is told and forgotten', async () => {
  const { mediaDevices } = devices();
  const media = new Media({ mediaDevices });
  const codes = faultsOf(media);
  await media.start();
  /** @type {any} */ (media.tracks.camera).end();
  assert.deepEqual(codes, ['camera_lost']);
  assert.equal(media.video, false);
  media.close();
});

test('closing stops every track, also one that arrives afterwards', async () => {
  const { mediaDevices, live } = devices();
  const media = new Media({ mediaDevices });
  await media.start();
  await media.startScreen();
  const late = media.setDevices({ videoDeviceId: 'other' });
  media.close();
  await late;
  assert.equal(live().length, 0);
});
