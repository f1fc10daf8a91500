import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coalesce } from '../../../services/web/static/js/call/announcements.js';

let id = 0;
/** @param {string} code @param {string | null} [name] @param {string | null} [text] */
const event = (code, name = null, text = null) => {
  id += 1;
  return { id, code, name, text };
};

test('eight people who join within a moment are one sentence', () => {
  const names = ['Ana', 'Bob', 'Cyd', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal'];
  assert.deepEqual(coalesce(names.map((name) => event('peer_joined', name))), [
    'Ana, Bob and 6 more joined.',
  ]);
});

test('one event keeps its own words, and kinds are not mixed', () => {
  assert.deepEqual(
    coalesce([event('peer_joined', 'Ana'), event('hand_raised', 'Bob'), event('peer_left', 'Cyd')]),
    ['Ana joined.', 'Bob raised a hand.', 'Cyd left.'],
  );
});

test('of what was switched to and fro only the last is said', () => {
  assert.deepEqual(
    coalesce([event('self_audio_off'), event('self_audio_on'), event('self_audio_off')]),
    ['Microphone muted.'],
  );
  assert.deepEqual(coalesce([event('status_reconnecting'), event('status_online')]), [
    'Connected again.',
  ]);
});

test('two messages are read; of more, how many and the last', () => {
  const two = [event('chat', 'Ana', 'one'), event('chat', 'Bob', 'two')];
  assert.deepEqual(coalesce(two), ['Ana says: one', 'Bob says: two']);
  assert.deepEqual(coalesce([...two, event('chat', 'Ana', 'three')]), [
    '3 new messages. The last: Ana says: three',
  ]);
});

test('a pasted page does not hold up everything else', () => {
  const [said = ''] = coalesce([event('chat', 'Ana', 'x'.repeat(4000))]);
  assert.ok(said.length < 300 && said.endsWith('…'));
});

test('the same person twice is one', () => {
  assert.deepEqual(coalesce([event('peer_back', 'Ana'), event('peer_back', 'Ana')]), [
    'Ana is back.',
  ]);
});
