import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkify } from '../../../services/web/static/js/call/linkify.js';

/** @param {string} text */
const hrefs = (text) => linkify(text).flatMap(({ href }) => (href === null ? [] : [href]));

test('the pieces are together exactly the text', () => {
  for (const text of [
    '',
    'no address',
    'https://a.test',
    'a https://a.test/x, b http://b.test.',
    '<https://a.test>',
  ]) {
    assert.equal(
      linkify(text)
        .map((piece) => piece.text)
        .join(''),
      text,
    );
  }
});

test('addresses are found without the punctuation around them', () => {
  assert.deepEqual(hrefs('See https://a.test/x. Or (https://b.test/y)!'), [
    'https://a.test/x',
    'https://b.test/y',
  ]);
  assert.deepEqual(hrefs('https://a.test/w_(b)'), ['https://a.test/w_(b)']);
  assert.deepEqual(hrefs('"https://a.test/?q=1&r=2"'), ['https://a.test/?q=1&r=2']);
});

test('nothing but http and https becomes a link', () => {
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://a.test',
    'file:///etc/passwd',
    'xhttps://a.test',
    'https://',
    'www.a.test',
  ]) {
    assert.deepEqual(hrefs(text), [], text);
  }
});

test('an address that hides where it leads stays text', () => {
  assert.deepEqual(hrefs('https://bank.example@evil.example/'), []);
  assert.deepEqual(hrefs('https://user:word@evil.example/'), []);
});

test('a message of nothing but addresses has a bound', () => {
  assert.equal(hrefs('https://a.test '.repeat(500)).length, 50);
});

test('a long hostile text takes no long time', () => {
  const started = performance.now();
  linkify(`https://${'('.repeat(2000)}${')'.repeat(2000)}`);
  linkify(`https://a.test/${'.'.repeat(4000)}x`);
  assert.ok(performance.now() - started < 1000);
});
