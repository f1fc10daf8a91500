import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decibels,
  loudness,
  rms,
  Smoother,
  SpeechGate,
} from '../../../services/web/static/js/lib/loudness.js';

const STEP_MS = 50;

/**
 * @param {SpeechGate} gate
 * @param {number} ms
 * @param {(at: number) => number} amplitude
 * @param {number} [from]
 * @returns {boolean[]} What the gate said at each step.
 */
function play(gate, ms, amplitude, from = 0) {
  const said = [];
  for (let at = from; at < from + ms; at += STEP_MS) {
    said.push(gate.next(amplitude(at), at, STEP_MS));
  }
  return said;
}

test('a full-scale square is 0 dB, silence is nothing, no samples are silence', () => {
  assert.equal(decibels(rms([1, -1, 1, -1])), 0);
  assert.equal(decibels(rms([0, 0])), Number.NEGATIVE_INFINITY);
  assert.equal(rms([]), 0);
});

test('loudness goes from 0 to 1 and never beyond', () => {
  assert.equal(loudness(0), 0);
  assert.equal(loudness(10 ** (-60 / 20)), 0);
  assert.equal(loudness(1), 1);
  assert.ok(Math.abs(loudness(10 ** (-36 / 20)) - 0.5) < 1e-9);
});

test('the bar rises at once and falls slowly', () => {
  const smoother = new Smoother();
  assert.equal(smoother.next(1, STEP_MS), 1);
  const after = smoother.next(0, STEP_MS);
  assert.ok(after < 1 && after > 0.8);
  for (let step = 0; step < 20; step += 1) smoother.next(0, STEP_MS);
  assert.equal(smoother.next(0, STEP_MS), 0);
});

test('speech opens the gate within half a second', () => {
  const said = play(new SpeechGate(), 500, () => 0.1);
  assert.equal(said[0], false);
  assert.equal(said.at(-1), true);
});

test('speech with pauses stays one speech', () => {
  const gate = new SpeechGate();
  play(gate, 1000, (at) => (at % 400 < 250 ? 0.1 : 0));
  assert.ok(play(gate, 2000, (at) => (at % 400 < 250 ? 0.1 : 0), 1000).every(Boolean));
});

test('a door that slams is not speech', () => {
  const gate = new SpeechGate();
  const said = play(gate, 3000, (at) => (at >= 1000 && at < 1150 ? 0.9 : 0.0005));
  assert.ok(!said.includes(true));
});

test('a fan that is always there is taken for the room', () => {
  const gate = new SpeechGate();
  play(gate, 20_000, () => 0.01);
  assert.ok(!play(gate, 5000, () => 0.01, 20_000).includes(true));
  assert.equal(play(gate, 600, () => 0.2, 25_000).at(-1), true);
});

test('the gate closes a while after the last word, and at once when it is reset', () => {
  const gate = new SpeechGate();
  play(gate, 600, () => 0.1);
  const said = play(gate, 5000, () => 0, 600);
  assert.equal(said[0], true);
  assert.equal(said.at(-1), false);
  play(gate, 600, () => 0.1, 6000);
  gate.reset();
  assert.equal(gate.next(0, 6600, STEP_MS), false);
});

test('a page that slept for a minute has not heard a minute of speech', () => {
  assert.equal(new SpeechGate().next(0.5, 60_000, 60_000), false);
});
