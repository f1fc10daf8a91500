import assert from 'node:assert/strict';
import { test } from 'node:test';
import { place } from '../../../services/web/static/js/ui/grid.js';

/** @typedef {import('../../../services/web/static/js/ui/grid.js').Rect} Rect */

const GAP = 8;
const SIDES = [300, 320, 374, 480, 640, 834, 1080, 1440, 2160, 3840];
const STAGES = SIDES.flatMap((width) => SIDES.map((height) => ({ width, height })));

/** @param {number} count @param {number} [large] Index of the large one. */
const people = (count, large = -1) =>
  Array.from({ length: count }, (_, index) => ({
    large: index === large,
    self: index === count - 1,
  }));

/** @param {Rect} a @param {Rect} b */
const overlap = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test('on every stage, every number of tiles lies inside and apart', () => {
  for (const stage of STAGES) {
    for (let count = 1; count <= 9; count += 1) {
      for (const large of [-1, 0]) {
        const rects = place(stage, people(count, large), GAP);
        const where = `${count} on ${stage.width}x${stage.height}, large ${large}`;
        assert.equal(rects.length, count);
        for (const [index, rect] of rects.entries()) {
          assert.ok(rect.x >= 0 && rect.x + rect.width <= stage.width + 1, `beside: ${where}`);
          assert.ok(rect.width > 0 && rect.height > 0 && rect.y >= 0, `empty: ${where}`);
          const others = rects.slice(index + 1).filter((each) => !each.corner && !rect.corner);
          assert.ok(!others.some((other) => overlap(rect, other)), `overlap: ${where}`);
        }
      }
    }
  }
});

test('nothing scrolls on a stage that is at least a phone', () => {
  for (const stage of STAGES) {
    for (let count = 1; count <= 8; count += 1) {
      for (const rect of place(stage, people(count), GAP)) {
        assert.ok(rect.y + rect.height <= stage.height + 1, `${count} on ${JSON.stringify(stage)}`);
      }
    }
  }
});

test('landscape stages hold 16:9 tiles, portrait ones nothing taller than 3:4', () => {
  for (const stage of STAGES) {
    for (let count = 3; count <= 8; count += 1) {
      for (const { width, height } of place(stage, people(count), GAP)) {
        assert.ok(width / height < 16 / 9 + 0.05 && width / height > 3 / 4 - 0.05);
        if (stage.width >= stage.height) {
          assert.ok(width / height > 16 / 9 - 0.05);
        }
      }
    }
  }
});

test('on a phone one’s own picture is a card over that of the one other person', () => {
  for (const stage of [
    { width: 374, height: 640 },
    { width: 828, height: 250 },
  ]) {
    const [other, own] = place(stage, people(2), GAP);
    assert.ok(other && own?.corner && !other.corner);
    assert.ok(own.width * own.height < 0.2 * other.width * other.height);
    assert.ok(own.x + own.width <= other.x + other.width);
    assert.ok(own.y + own.height <= other.y + other.height);
  }
});

test('a desktop shows two people side by side, and a pinned one large', () => {
  const stage = { width: 1424, height: 750 };
  const [ana, me] = place(stage, people(2), GAP);
  assert.equal(ana?.width, me?.width);
  const [large, small] = place(stage, people(2, 0), GAP);
  assert.ok(large && small && large.width > 2 * small.width);
  assert.ok(!small.corner);
});
