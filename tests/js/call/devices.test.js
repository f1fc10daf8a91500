import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Devices } from '../../../services/web/static/js/call/devices.js';
import { DEFAULTS, Preferences } from '../../../services/web/static/js/call/preferences.js';
import { initialState, reduce } from '../../../services/web/static/js/call/state.js';
import { Store } from '../../../services/web/static/js/call/store.js';
import { FakeDeviceList, FakeMedia, hardware, memory, noticed } from './support.js';

/** @param {Partial<typeof DEFAULTS>} [wanted] */
function bench(wanted = {}) {
  const store = new Store(reduce, initialState({ roomName: 'Team', name: 'Me', role: 'member' }));
  const media = new FakeMedia();
  const list = new FakeDeviceList();
  const storage = memory(JSON.stringify({ version: 1, ...DEFAULTS, ...wanted }));
  const preferences = new Preferences({ storage: () => storage });
  const sent = /** @type {any[]} */ ([]);
  const devices = new Devices({
    media: /** @type {any} */ (media),
    list,
    preferences,
    store,
    changed: {
      tracks: (tracks) => sent.push(tracks),
      presence: () => sent.push(store.state.self.presence),
    },
  });
  return { store, media, list, preferences, devices, sent, storage };
}

const HEADSET = { id: 'headset', label: 'Headset' };
const TWO = hardware({
  microphones: [
    ['default', 'Built-in'],
    ['headset', 'Headset'],
  ],
});

test('what was on when the last call was left is on, the rest is not even opened', async () => {
  const { devices, media, store } = bench({ cameraOn: false });
  await devices.start();
  assert.equal(media.tracks.camera, null);
  assert.notEqual(media.tracks.audio, null);
  assert.equal(store.state.self.presence.video, false);
});

test('the remembered devices and the sound are asked for at once', async () => {
  const { devices, media } = bench({ microphone: HEADSET, noiseSuppression: false });
  await devices.start();
  assert.equal(media.chosen.microphone, 'headset');
  assert.equal(media.processing.noiseSuppression, false);
});

test('a chosen device is used and remembered with its name', async () => {
  const { devices, media, list, preferences } = bench();
  list.hardware = TWO;
  await devices.start();
  await devices.choose('microphone', 'headset');
  assert.equal(media.chosen.microphone, 'headset');
  assert.deepEqual(preferences.current.microphone, HEADSET);
  await devices.choose('speaker', 'nowhere');
  assert.equal(preferences.current.speaker, null);
});

test('a device that comes back under another id is taken again by its name', async () => {
  const { devices, media, list } = bench({ microphone: { id: 'old-id', label: 'Headset' } });
  await devices.start();
  list.hardware = TWO;
  await list.refresh();
  assert.equal(media.chosen.microphone, 'headset');
});

test('a list that is known before the device runs is looked at when it does', async () => {
  const { devices, media, list } = bench({ microphone: { id: 'old-id', label: 'Headset' } });
  list.hardware = TWO;
  await list.refresh();
  await devices.start();
  assert.equal(media.chosen.microphone, 'headset');
});

test('a browser that gives another device all the same is not asked for ever', async () => {
  const { devices, media, list } = bench({ microphone: { id: 'old-id', label: 'Headset' } });
  const asked = /** @type {any[]} */ ([]);
  media.setDevices = async (chosen) => {
    asked.push(chosen.microphone);
    media.emit('tracks', media.tracks);
  };
  list.hardware = TWO;
  await devices.start();
  const before = asked.length;
  assert.equal(asked.at(-1), 'headset');
  media.emit('tracks', media.tracks);
  media.emit('tracks', media.tracks);
  assert.equal(asked.length, before);
});

test('a device that comes back opens nothing that is off', async () => {
  const { devices, media, list } = bench({ microphone: HEADSET, microphoneOn: false });
  await devices.start();
  media.chosen.microphone = null;
  list.hardware = TWO;
  await list.refresh();
  assert.equal(media.chosen.microphone, null);
  assert.equal(media.tracks.audio, null);
});

test('the state knows what there is to choose and what runs', async () => {
  const { devices, list, store, media } = bench();
  list.hardware = TWO;
  media.canBlur = true;
  await devices.start();
  assert.deepEqual(store.state.equipment, {
    hardware: TWO,
    microphone: 'default',
    camera: 'default',
    canBlur: true,
  });
});

test('another device in place of one that went away is told by name', async () => {
  const { devices, media, store } = bench();
  await devices.start();
  media.emit('fellBack', { device: 'camera', label: 'Webcam' });
  assert.deepEqual(
    store.state.notices.map(({ code, name }) => [code, name]),
    [['camera_changed', 'Webcam']],
  );
});

test('a failed change of device leaves the running one on for everybody', async () => {
  const { devices, media, store } = bench();
  await devices.start();
  media.emit('error', { code: 'camera_unfit' });
  assert.equal(store.state.self.presence.video, true);
  assert.deepEqual(noticed(store.state), ['camera_unfit']);
});

test('what the system holds back is told, and settled when it comes back', async () => {
  const { devices, media, store } = bench();
  await devices.start();
  media.paused = { audio: false, video: true };
  media.emit('tracks', media.tracks);
  media.emit('tracks', media.tracks);
  assert.deepEqual(noticed(store.state), ['camera_paused']);
  media.paused = { audio: true, video: true };
  media.emit('tracks', media.tracks);
  assert.deepEqual(noticed(store.state), ['devices_paused']);
  await devices.retry('devices');
  assert.deepEqual(media.reopened, ['microphone', 'camera']);
  media.paused = { audio: false, video: false };
  media.emit('tracks', media.tracks);
  assert.deepEqual(noticed(store.state), []);
});

test('a microphone that is muted anyway is not told as paused', async () => {
  const { devices, media, store } = bench();
  await devices.start();
  await devices.setAudio(false);
  media.paused = { audio: true, video: false };
  media.emit('tracks', media.tracks);
  assert.deepEqual(noticed(store.state), []);
});

test('one button tries both again, with one question', async () => {
  const { devices, media, store } = bench();
  media.denied.add('camera').add('microphone');
  await devices.start();
  assert.deepEqual(noticed(store.state), ['devices_denied']);
  assert.deepEqual(store.state.self.presence.audio, false);
  media.denied.clear();
  await devices.retry('devices');
  assert.deepEqual(noticed(store.state), []);
  const { audio, video } = store.state.self.presence;
  assert.deepEqual([audio, video, store.state.self.devices.video], [true, true, true]);
});

test('choosing another device after a failure switches it on', async () => {
  const { devices, media, list, store } = bench();
  list.hardware = TWO;
  media.denied.add('microphone');
  await devices.start();
  media.denied.clear();
  await devices.choose('microphone', 'headset');
  assert.equal(store.state.self.presence.audio, true);
  assert.deepEqual(noticed(store.state), []);
});

test('a screen that is shared and stopped leaves the camera as it is', async () => {
  const { devices, media, store } = bench();
  await devices.start();
  const { camera } = media.tracks;
  await devices.toggleScreen();
  await devices.toggleScreen();
  assert.equal(media.tracks.camera, camera);
  assert.deepEqual(store.state.self.devices, { audio: true, video: true, screen: false });
});

test('closing closes the devices and the list, and listens to nothing', async () => {
  const { devices, media, list } = bench();
  await devices.start();
  devices.close();
  assert.deepEqual([media.closed, list.closed], [1, 1]);
  assert.deepEqual([media.listenerCount, list.listenerCount], [0, 0]);
});
