import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  byteLength,
  cleanChat,
  cleanName,
  initials,
} from '../../../services/web/static/js/call/text.js';

/** @type {[string, string, string][]} */
const NAMES = [
  ['stays as it is', 'Zoë Ångström', 'Zoë Ångström'],
  ['keeps markup as text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['loses bidi overrides and isolates', 'a\u202eb\u2066c\u2069', 'abc'],
  ['loses zero-width characters', 'A\u200bn\ufeffa', 'Ana'],
  ['loses controls and turns breaks into spaces', 'A\u0007n\r\na\tB', 'An a B'],
  ['keeps emoji sequences whole', '👩\u200d💻 Ana', '👩\u200d💻 Ana'],
  ['is empty when nothing is visible', '\u200b\u00ad \u2060', ''],
  ['loses lone surrogates', 'A\ud800', 'A\ufffd'],
];

for (const [what, raw, clean] of NAMES) {
  test(`a name ${what}`, () => assert.equal(cleanName(raw), clean));
}

test('a name of 10,000 characters is cut at 64, never through a character', () => {
  const clean = cleanName('😀'.repeat(10_000));
  assert.equal([...clean].length, 64);
  assert.ok(!/\p{Surrogate}/u.test(clean));
});

test('stacked marks cannot climb over other lines', () => {
  assert.ok(cleanName(`a${'\u0301'.repeat(200)}`).length <= 8);
});

test('chat keeps its lines and loses a flood of empty ones', () => {
  assert.equal(cleanChat('a\r\nb\n\n\n\n\n\nc\u202e '), 'a\nb\n\n\nc');
});

test('limits count bytes of UTF-8', () => {
  assert.equal(byteLength('é😀'), 6);
});

test('initials come from the first and the last word', () => {
  assert.deepEqual(['Ana', 'Ana Maria Silva', 'jean-luc', '😀', '  ', '李小龍'].map(initials), [
    'A',
    'AS',
    'JL',
    '?',
    '?',
    '李',
  ]);
});
