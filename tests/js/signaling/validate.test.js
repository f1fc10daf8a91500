import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LINK_RATES } from '../../../services/web/static/js/signaling/limits.js';
import { LinkRates } from '../../../services/web/static/js/signaling/rates.js';
import { readLinkFrame } from '../../../services/web/static/js/signaling/validate.js';

const GOOD = [
  { type: 'peer.description', seq: 0, kind: 'offer', sdp: 'v=0' },
  { type: 'peer.description', seq: 1, kind: 'answer', sdp: 'v=0', answers: 0 },
  { type: 'peer.candidates', seq: 2, candidates: [{ candidate: '' }] },
  {
    type: 'peer.candidates',
    seq: 3,
    candidates: [
      { candidate: 'candidate:1', sdp_mid: '0', sdp_m_line_index: 0, username_fragment: null },
    ],
  },
  { type: 'chat.message', seq: 4, message_id: 'a-b_9', text: '<b>hi</b>' },
  {
    type: 'peer.presence',
    seq: 5,
    revision: 1,
    audio: true,
    video: false,
    screen: false,
    hand: false,
  },
  { type: 'ping', t: 1.5 },
  { type: 'pong', t: 0 },
];

for (const frame of GOOD) {
  test(`${frame.type} ${frame.kind ?? ''} passes as it is, and with one field wrong it does not`, () => {
    assert.deepEqual(readLinkFrame(JSON.stringify(frame)), frame);
    for (const name of Object.keys(frame)) {
      for (const wrong of [{}, [], -1, 'x'.repeat(60_000), 1e300]) {
        assert.equal(readLinkFrame(JSON.stringify({ ...frame, [name]: wrong })), null, name);
      }
      const { [name]: _, ...without } = /** @type {any} */ (frame);
      assert.equal(readLinkFrame(JSON.stringify(without)), null, `without ${name}`);
    }
    assert.equal(readLinkFrame(JSON.stringify({ ...frame, from: 'me' })), null, 'extra field');
  });
}

for (const [name, data] of /** @type {[string, unknown][]} */ ([
  ['nothing', ''],
  ['binary', new ArrayBuffer(4)],
  ['half a frame', '{"type":"ping"'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a number that is none', '{"type":"ping","t":NaN}'],
  ['deep nesting', '['.repeat(60_000)],
  ['an unknown type', '{"type":"presence.set"}'],
  ['a type of the prototype', '{"type":"constructor"}'],
  ['a prototype', '{"type":"ping","t":1,"__proto__":{}}'],
  ['an answer to nothing', '{"type":"peer.description","seq":1,"kind":"answer","sdp":"v"}'],
  [
    'an offer that answers',
    '{"type":"peer.description","seq":1,"kind":"offer","sdp":"v","answers":1}',
  ],
  ['no candidates', '{"type":"peer.candidates","seq":1,"candidates":[]}'],
  [
    'too many candidates',
    JSON.stringify({
      type: 'peer.candidates',
      seq: 1,
      candidates: Array(33).fill({ candidate: '' }),
    }),
  ],
  [
    'a candidate with more in it',
    '{"type":"peer.candidates","seq":1,"candidates":[{"candidate":"","type":"x"}]}',
  ],
  ['more than a frame', JSON.stringify({ type: 'ping', t: 1, pad: 'x'.repeat(70_000) })],
  [
    'more bytes than a frame, in few characters',
    JSON.stringify({ type: 'chat.message', seq: 1, message_id: 'x', text: '€'.repeat(30_000) }),
  ],
])) {
  test(`${name} is refused`, () => {
    assert.equal(readLinkFrame(data), null);
  });
}

test('each class of message has its own rate', () => {
  let now = 0;
  const rates = new LinkRates(() => now);
  let allowed = 0;
  for (let i = 0; i < 1_000; i += 1) if (rates.allows('chat.message')) allowed += 1;
  assert.equal(allowed, LINK_RATES['chat.message'].burst);
  assert.ok(rates.allows('peer.description'));
  now += 60_000;
  assert.ok(rates.allows('chat.message'));
});

/** @param {string} name @returns {{ name: string, frame: any }[]} */
const golden = (name) =>
  JSON.parse(
    readFileSync(new URL(`../../fixtures/protocol/${name}.json`, import.meta.url), 'utf8'),
  );

for (const { name, frame } of golden('link.valid')) {
  test(`the golden frame "${name}" passes`, () => {
    assert.deepEqual(readLinkFrame(JSON.stringify(frame)), frame);
  });
}

for (const { name, frame } of golden('link.invalid')) {
  test(`the golden frame "${name}" is refused`, () => {
    assert.equal(readLinkFrame(JSON.stringify(frame)), null);
  });
}
