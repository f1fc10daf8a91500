import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import {
  EVENTS,
  FAILURES,
  failure,
  linkWords,
  PATH_WORDS,
  qualityWords,
  sentence,
} from '../../../services/web/static/js/call/words.js';
import { REASONS } from '../../../services/web/static/js/rtc/media-faults.js';

const web = new URL('../../../services/web/', import.meta.url);
/** @param {string} path */
const source = (path) => readFile(new URL(path, web), 'utf8');

test('every code of the signalling protocol has its words', async () => {
  const python = await source('signaling/protocol/errors.py');
  const table = python.slice(python.indexOf('class ErrorCode'), python.indexOf('class ErrorInfo'));
  const codes = [...table.matchAll(/= "([a-z_]+)"/g)].map((match) => match[1] ?? '');
  assert.ok(codes.length >= 30, 'the table of errors.py was not found');
  assert.deepEqual(
    codes.filter((code) => !Object.hasOwn(FAILURES, code)),
    [],
  );
});

test('every failure of the devices has its words, for one device and for both', () => {
  const wanted = ['microphone', 'camera', 'devices', 'screen'].flatMap((device) =>
    REASONS.map((reason) => `${device}_${reason}`),
  );
  assert.deepEqual(
    wanted.filter((code) => !Object.hasOwn(FAILURES, code)),
    [],
  );
});

test('every code that the page itself uses has its words', async () => {
  const files = ['controller', 'owner', 'devices', 'server-messages', 'state', 'roster', 'ticket'];
  const texts = await Promise.all(files.map((name) => source(`static/js/call/${name}.js`)));
  const page = await source('static/js/ui/page.js');
  const used = [...texts, page].flatMap((text) => [
    ...[...text.matchAll(/(?:withNotice|withAnnouncement)\(\w+, '([a-z_]+)'/g)].map(
      (match) => match[1] ?? '',
    ),
    ...[...text.matchAll(/type: 'notice', code: '([a-z_]+)'/g)].map((match) => match[1] ?? ''),
  ]);
  assert.ok(used.length >= 10, 'the uses were not found');
  assert.deepEqual(
    used.filter((code) => !Object.hasOwn(FAILURES, code) && !Object.hasOwn(EVENTS, code)),
    [],
  );
});

test('no words are kept for a failure that nothing tells', async () => {
  const scripts = await readdir(new URL('static/js/', web), { recursive: true });
  const tellers = scripts.filter((path) => path.endsWith('.js') && !/words\.js$/.test(path));
  const texts = await Promise.all(tellers.map((path) => source(`static/js/${path}`)));
  const told = [...texts, await source('signaling/protocol/errors.py')].join('\n');
  const ofDevices = /^(?:microphone|camera|devices|screen)_/;
  const dead = Object.keys(FAILURES).filter(
    (code) =>
      code !== 'unknown' && !ofDevices.test(code) && !new RegExp(`['"]${code}['"]`).test(told),
  );
  assert.deepEqual(dead, []);
});

test('each failure is a sentence, a cause and a next step', () => {
  for (const [code, { title, cause, next }] of Object.entries(FAILURES)) {
    for (const text of [title, cause, next]) {
      assert.match(text, /^[A-Z].*\.$/s, `${code}: ${text}`);
      assert.ok(text.length <= 140, `${code} is long: ${text}`);
    }
  }
});

test('a code that nobody knows still gets words', () => {
  assert.match(failure('from_the_future').title, /ended/);
  assert.match(failure('constructor').title, /ended/);
  assert.equal(sentence({ code: 'toString', name: null }), failure('unknown').title);
});

test('each event is a sentence with the name in it', () => {
  for (const code of Object.keys(EVENTS)) {
    assert.match(sentence({ code, name: 'Ana', text: 'Hello.' }), /^[A-Z].*\.$/);
  }
  assert.equal(sentence({ code: 'peer_joined', name: null }), 'Somebody joined.');
});

test('a link says its way in words, and what was measured', () => {
  const link = /** @type {const} */ ({
    state: 'connected',
    path: 'relay/tls',
    rttMs: 41.6,
    loss: 0.021,
  });
  assert.equal(linkWords(link), 'Relayed over TLS 443');
  assert.equal(qualityWords(link), '42 ms, 2 % loss');
  assert.equal(qualityWords({ ...link, rttMs: null, loss: 0 }), '');
  assert.equal(linkWords({ ...link, path: null }), 'Connected');
  for (const state of /** @type {const} */ ([
    'new',
    'connecting',
    'reconnecting',
    'failed',
    'closed',
  ])) {
    assert.ok(!Object.values(PATH_WORDS).includes(linkWords({ ...link, state })));
  }
});
