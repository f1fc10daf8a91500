import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEFAULTS,
  formatPreferences,
  Preferences,
  parsePreferences,
} from '../../../services/web/static/js/call/preferences.js';

/** @param {string | null} [kept] */
function storage(kept = null) {
  const box = { kept, writes: 0 };
  return {
    box,
    getItem: () => box.kept,
    setItem: (/** @type {string} */ _key, /** @type {string} */ value) => {
      box.kept = value;
      box.writes += 1;
    },
  };
}

test('nothing stored is the defaults', () => {
  assert.deepEqual(parsePreferences(null), DEFAULTS);
});

test('what was chosen is there again after a reload', () => {
  const kept = storage();
  const camera = { id: 'cam-2', label: 'USB camera' };
  new Preferences({ storage: () => kept }).update({ camera, relayOnly: true, shortcuts: false });
  assert.deepEqual(new Preferences({ storage: () => kept }).current, {
    ...DEFAULTS,
    camera,
    relayOnly: true,
    shortcuts: false,
  });
});

for (const [what, stored] of [
  ['broken JSON', '{"version":1,'],
  ['a number', '7'],
  ['a list', '[1]'],
  ['another version', '{"version":99,"mirror":false}'],
  ['no version', '{"mirror":false}'],
]) {
  test(`${what} in the storage is the defaults`, () => {
    assert.deepEqual(parsePreferences(/** @type {string} */ (stored)), DEFAULTS);
  });
}

test('one field of a wrong type does not spoil the others', () => {
  const stored = JSON.stringify({
    version: 1,
    mirror: 'no',
    shortcuts: false,
    camera: { id: 5 },
    microphone: { id: 'mic', label: 'Headset' },
    surprise: { deep: true },
  });
  assert.deepEqual(parsePreferences(stored), {
    ...DEFAULTS,
    shortcuts: false,
    microphone: { id: 'mic', label: 'Headset' },
  });
});

test('what is written can be read', () => {
  const all = { ...DEFAULTS, speaker: { id: 's', label: '' }, cameraOn: false };
  assert.deepEqual(parsePreferences(formatPreferences(all)), all);
});

test('forbidden storage keeps the choice for this page', () => {
  const forbidden = () => {
    throw new DOMException('no', 'SecurityError');
  };
  const preferences = new Preferences({ storage: forbidden });
  preferences.update({ mirror: false });
  assert.equal(preferences.current.mirror, false);
});

test('only a change is told and written', () => {
  const kept = storage();
  const preferences = new Preferences({ storage: () => kept });
  const camera = { id: 'cam', label: 'Camera' };
  let told = 0;
  preferences.subscribe(() => {
    told += 1;
  });
  preferences.update({ camera });
  preferences.update({ camera: { ...camera } });
  preferences.update({ mirror: true });
  assert.equal(told, 1);
  assert.equal(kept.box.writes, 1);
});

test('listeners end with their signal', () => {
  const preferences = new Preferences({ storage: () => storage() });
  const abort = new AbortController();
  preferences.subscribe(() => {}, { signal: abort.signal });
  abort.abort();
  assert.equal(preferences.listenerCount, 0);
});
