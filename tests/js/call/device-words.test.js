import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserOf } from '../../../services/web/static/js/call/browser.js';
import {
  deviceWords,
  isAboutDevices,
  triesAgain,
} from '../../../services/web/static/js/call/device-words.js';
import { REASONS } from '../../../services/web/static/js/rtc/media-faults.js';

const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';

/** @type {[string, string, number, string, string, RegExp][]} */
const BROWSERS = [
  ['Chrome on a Mac', `${MAC} Chrome/140.0 Safari/537.36`, 0, 'chromium', 'mac', /left of/],
  [
    'Edge on Windows',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0',
    0,
    'chromium',
    'windows',
    /left of/,
  ],
  [
    'Chrome on Android',
    'Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36',
    5,
    'chromium',
    'android',
    /Tap the symbol left of the address, Permissions/,
  ],
  [
    'Firefox on Linux',
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    0,
    'firefox',
    'other',
    /crossed-out/,
  ],
  [
    'Firefox on Android',
    'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0',
    5,
    'firefox',
    'android',
    /lock beside/,
  ],
  ['Safari on a Mac', SAFARI, 0, 'safari', 'mac', /Safari menu/],
  ['Safari on an iPad', SAFARI, 5, 'safari', 'ios', /page symbol/],
  ['Safari on an iPhone', `${IPHONE} Version/18.5 Safari/604.1`, 5, 'safari', 'ios', /page symbol/],
  ['Chrome on an iPhone', `${IPHONE} CriOS/140.0 Safari/604.1`, 5, 'other', 'ios', /Settings/],
  ['Firefox on an iPhone', `${IPHONE} FxiOS/140.0 Safari/605.1`, 5, 'other', 'ios', /Settings/],
  ['a browser that says nothing', '', 0, 'other', 'other', /permissions beside the address/],
];

for (const [name, userAgent, maxTouchPoints, kind, system, place] of BROWSERS) {
  test(`${name} is known, and told where its button is`, () => {
    const browser = browserOf({ userAgent, maxTouchPoints });
    assert.deepEqual(browser, { kind, system });
    assert.match(deviceWords(browser).camera_denied?.next ?? '', place);
  });

  test(`in ${name} every failure is a short sentence, a cause and a next step`, () => {
    const words = deviceWords(browserOf({ userAgent, maxTouchPoints }));
    for (const device of ['microphone', 'camera', 'devices', 'screen']) {
      for (const reason of REASONS) {
        const told = words[`${device}_${reason}`];
        for (const text of [told?.title, told?.cause, told?.next]) {
          assert.match(text ?? '', /^[A-Z].*\.$/s, `${device}_${reason}: ${text}`);
          assert.ok((text ?? '').length <= 140, `${device}_${reason} is long: ${text}`);
        }
      }
    }
  });
}

test('whoever must go to the settings of a Mac is told so', () => {
  const mac = deviceWords({ kind: 'chromium', system: 'mac' });
  const windows = deviceWords({ kind: 'chromium', system: 'windows' });
  assert.match(mac.microphone_system?.next ?? '', /System Settings/);
  assert.match(windows.microphone_system?.next ?? '', /^In Settings/);
  assert.match(mac.screen_denied?.next ?? '', /Screen Recording/);
  assert.doesNotMatch(windows.screen_denied?.next ?? '', /Screen Recording/);
});

test('there is a button where trying again can help, and words that name it', () => {
  const words = deviceWords({ kind: 'other', system: 'other' });
  for (const [code, { next, again }] of Object.entries(words)) {
    const device = triesAgain(code);
    if (device !== null) {
      assert.equal(again, true, code);
      assert.ok(code.startsWith(device));
    }
    assert.equal(/press Try again|Press Try again/.test(next) && device === null, false, code);
  }
  assert.equal(triesAgain('camera_insecure'), null);
  assert.equal(triesAgain('microphone_policy'), null);
  assert.equal(triesAgain('camera_changed'), null);
  assert.equal(triesAgain('screen_denied'), null);
  assert.equal(triesAgain('room_full'), null);
});

test('what happens to devices is told in the lobby beside the picture', () => {
  assert.equal(isAboutDevices('camera_denied'), true);
  assert.equal(isAboutDevices('devices_paused'), true);
  assert.equal(isAboutDevices('screen_denied'), false);
  assert.equal(isAboutDevices('room_full'), false);
});
