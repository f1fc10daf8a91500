import assert from 'node:assert/strict';
import { test } from 'node:test';
import { continues } from '../../../services/web/static/js/ui/chat.js';
import { target } from '../../../services/web/static/js/ui/roving.js';
import { commandFor, SHORTCUTS } from '../../../services/web/static/js/ui/shortcuts.js';
import { rows, statsText } from '../../../services/web/static/js/ui/stats.js';

const FREE = { enabled: true, typing: false, onControl: false, covered: false, joined: true };

test('each key has one command, in either case', () => {
  assert.equal(new Set(SHORTCUTS.map(({ key }) => key)).size, SHORTCUTS.length);
  for (const { key, command } of SHORTCUTS) {
    assert.equal(commandFor({ key }, FREE), command);
    assert.equal(commandFor({ key: key.toUpperCase() }, FREE), command);
  }
  assert.equal(commandFor({ key: 'x' }, FREE), null);
});

test('no key acts with a modifier, over a dialog, while composing or outside a call', () => {
  for (const { key } of SHORTCUTS) {
    for (const held of ['ctrlKey', 'altKey', 'metaKey', 'isComposing']) {
      assert.equal(commandFor({ key, [held]: true }, FREE), null);
    }
    assert.equal(commandFor({ key }, { ...FREE, covered: true }), null);
    assert.equal(commandFor({ key }, { ...FREE, joined: false }), null);
  }
});

test('while one types, and when switched off, only Escape acts', () => {
  for (const { key, command } of SHORTCUTS) {
    const wanted = command === 'close' ? 'close' : null;
    assert.equal(commandFor({ key }, { ...FREE, typing: true }), wanted);
    assert.equal(commandFor({ key }, { ...FREE, enabled: false }), wanted);
  }
});

test('Space on a button presses the button', () => {
  assert.equal(commandFor({ key: ' ' }, { ...FREE, onControl: true }), null);
  assert.equal(commandFor({ key: 'm' }, { ...FREE, onControl: true }), 'audio');
});

test('arrows go round, Home and End to the ends, other keys nowhere', () => {
  const row = { forward: 'ArrowRight', back: 'ArrowLeft', count: 4 };
  assert.equal(target('ArrowRight', { ...row, at: 3 }), 0);
  assert.equal(target('ArrowLeft', { ...row, at: 0 }), 3);
  assert.equal(target('Home', { ...row, at: 2 }), 0);
  assert.equal(target('End', { ...row, at: 0 }), 3);
  assert.equal(target('ArrowUp', { ...row, at: 0 }), null);
});

test('messages of one person within minutes stand under one name', () => {
  const entry = { key: 'a:1', from: 'a', name: 'Ana', text: 'x', at: 0, mine: false };
  assert.ok(!continues(undefined, entry));
  assert.ok(continues(entry, { ...entry, at: 60_000 }));
  assert.ok(!continues(entry, { ...entry, at: 600_000 }));
  assert.ok(!continues(entry, { ...entry, from: 'b' }));
  assert.ok(!continues(entry, { ...entry, name: 'Bob' }));
});

test('the statistics leave out what is not known, and name nobody', () => {
  const link = /** @type {const} */ ({
    state: 'connected',
    path: 'srflx',
    rttMs: 12.4,
    loss: 0.021,
    quality: 'good',
  });
  assert.deepEqual(rows(link), [
    ['Way', 'Direct'],
    ['Quality', 'Good connection'],
    ['Round trip', '12 ms'],
    ['Loss', '2.1 %'],
  ]);
  const full = rows({
    ...link,
    inBitrate: 1_240_000,
    outBitrate: 90_400,
    frameWidth: 640,
    frameHeight: 360,
    fps: 29.6,
    limitation: 'cpu',
  });
  assert.ok(
    full.some(([, value]) => value === '1.2 Mbit/s') &&
      full.some(([, value]) => value === '90 kbit/s'),
  );
  const text = statsText([/** @type {any} */ ({ name: 'Ana', link })]);
  assert.ok(text.includes('Person 1') && !text.includes('Ana'));
});
