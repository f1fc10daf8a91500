import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpeakerPicker } from '../../../services/web/static/js/call/speaker.js';

const STEP = 200;

/** @param {(ms: number) => [string, number][]} levels @param {number} until */
function run(levels, until, picker = new SpeakerPicker(), from = 0) {
  const seen = [];
  for (let now = from; now < until; now += STEP) {
    seen.push(picker.update(levels(now), now));
  }
  return seen;
}

test('a cough is no speech', () => {
  const seen = run((now) => [['ana', now === 400 ? 0.5 : 0]], 3000);
  assert.ok(seen.every(({ speaking, speaker }) => speaking.length === 0 && speaker === null));
});

test('who speaks is marked once, not with every syllable', () => {
  const seen = run((now) => [['ana', now % 600 < 400 ? 0.2 : 0]], 6000);
  const marks = seen.map(({ speaking }) => speaking.includes('ana'));
  const changes = marks.filter((mark, index) => index > 0 && mark !== marks[index - 1]);
  assert.equal(changes.length, 1);
  assert.equal(seen.at(-1)?.speaker, 'ana');
});

test('the mark goes after a silence, the floor stays', () => {
  const picker = new SpeakerPicker();
  run(() => [['ana', 0.2]], 2000, picker);
  const seen = run(() => [['ana', 0]], 5000, picker, 2000);
  assert.deepEqual(seen.at(-1), { speaking: [], speaker: 'ana' });
});

test('a short word does not take the floor; one who speaks on gets it', () => {
  const picker = new SpeakerPicker();
  run(
    () => [
      ['ana', 0.2],
      ['bob', 0],
    ],
    3000,
    picker,
  );
  const word = run(
    (now) => [
      ['ana', 0.2],
      ['bob', now < 3600 ? 0.2 : 0],
    ],
    5000,
    picker,
    3000,
  );
  assert.ok(word.every(({ speaker }) => speaker === 'ana'));
  const turn = run(
    () => [
      ['ana', 0],
      ['bob', 0.2],
    ],
    9000,
    picker,
    5000,
  );
  assert.equal(turn.at(-1)?.speaker, 'bob');
  const switches = turn.filter(({ speaker }, at) => at > 0 && speaker !== turn[at - 1]?.speaker);
  assert.equal(switches.length, 1);
});

test('two who speak at once do not make it flicker', () => {
  const seen = run(
    (now) => [
      ['ana', now % 400 ? 0.2 : 0.1],
      ['bob', now % 400 ? 0.1 : 0.2],
    ],
    20_000,
  );
  const speakers = seen.map(({ speaker }) => speaker).filter((speaker) => speaker !== null);
  assert.ok(speakers.filter((each, at) => at > 0 && each !== speakers[at - 1]).length <= 1);
});

test('whoever is gone neither speaks nor holds the floor', () => {
  const picker = new SpeakerPicker();
  run(() => [['ana', 0.2]], 2000, picker);
  assert.deepEqual(picker.update([], 2000), { speaking: [], speaker: null });
});
