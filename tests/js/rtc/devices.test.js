import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeviceList, hardwareFrom } from '../../../services/web/static/js/rtc/devices.js';

/** @param {string} kind @param {string} deviceId @param {string} label @returns {any} */
const info = (kind, deviceId, label) => ({ kind, deviceId, label });

/** The interface of a browser whose devices can be plugged in and out. */
class FakeMediaDevices extends EventTarget {
  /** @type {any[]} */
  infos = [];
  listeners = 0;
  /** @type {((infos: any[]) => void)[]} */
  waiting = [];
  slow = false;

  /** @override @param {string} type @param {any} listener @param {any} options */
  addEventListener(type, listener, options) {
    super.addEventListener(type, listener, options);
    this.listeners += 1;
    options.signal.addEventListener('abort', () => {
      this.listeners -= 1;
    });
  }

  enumerateDevices() {
    return this.slow
      ? new Promise((resolve) => this.waiting.push(resolve))
      : Promise.resolve(this.infos);
  }
}

test('devices are sorted by kind, named, and listed once', () => {
  const { microphones, cameras, speakers } = hardwareFrom([
    info('audioinput', 'default', 'Default - Headset'),
    info('audioinput', 'communications', 'Communications - Headset'),
    info('audioinput', 'a', 'Headset'),
    info('videoinput', 'c', ''),
    info('videoinput', 'c', ''),
    info('videoinput', 'd', '  '),
    info('audiooutput', 's', 'Speakers'),
  ]);
  assert.deepEqual(
    microphones.devices.map(({ id }) => id),
    ['default', 'a'],
  );
  assert.deepEqual(
    cameras.devices.map(({ label }) => label),
    ['Camera 1', 'Camera 2'],
  );
  assert.deepEqual(speakers, { devices: [{ id: 's', label: 'Speakers' }], hidden: false });
});

test('devices without a permission are hidden, not missing', () => {
  const { microphones, cameras } = hardwareFrom([info('audioinput', '', '')]);
  assert.deepEqual(microphones, { devices: [], hidden: true });
  assert.deepEqual(cameras, { devices: [], hidden: false });
});

test('a device that is plugged in is told', async () => {
  const mediaDevices = new FakeMediaDevices();
  const list = new DeviceList({ mediaDevices: /** @type {any} */ (mediaDevices) });
  const told = /** @type {number[]} */ ([]);
  list.on('change', ({ cameras }) => told.push(cameras.devices.length));
  await list.refresh();
  mediaDevices.infos = [info('videoinput', 'c', 'Camera')];
  mediaDevices.dispatchEvent(new Event('devicechange'));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(told, [0, 1]);
  list.close();
});

test('an older answer that comes later is dropped', async () => {
  const mediaDevices = new FakeMediaDevices();
  mediaDevices.slow = true;
  const list = new DeviceList({ mediaDevices: /** @type {any} */ (mediaDevices) });
  const both = Promise.all([list.refresh(), list.refresh()]);
  const [first, second] = mediaDevices.waiting;
  second?.([info('videoinput', 'new', 'New')]);
  first?.([info('videoinput', 'old', 'Old')]);
  await both;
  assert.equal(list.hardware.cameras.devices[0]?.id, 'new');
  list.close();
});

test('a browser without devices, or one that refuses, is an empty list', async () => {
  const none = new DeviceList({ mediaDevices: undefined });
  assert.deepEqual((await none.refresh()).cameras.devices, []);
  const refusing = new DeviceList({
    mediaDevices: /** @type {any} */ ({
      enumerateDevices: () => Promise.reject(new DOMException('no', 'NotAllowedError')),
    }),
  });
  assert.deepEqual((await refusing.refresh()).cameras.devices, []);
});

test('a closed list listens to nothing and tells nothing', async () => {
  const mediaDevices = new FakeMediaDevices();
  const list = new DeviceList({ mediaDevices: /** @type {any} */ (mediaDevices) });
  let told = 0;
  list.on('change', () => {
    told += 1;
  });
  const late = list.refresh();
  list.close();
  await late;
  assert.deepEqual([mediaDevices.listeners, told], [0, 0]);
});
