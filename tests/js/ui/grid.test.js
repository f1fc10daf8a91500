import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange, bestGrid, gridRects } from '../../../services/web/static/js/ui/grid.js';

const GAP = 8;
const STAGES = [
  { name: 'phone portrait', width: 374, height: 640 },
  { name: 'phone landscape', width: 800, height: 300 },
  { name: 'tablet', width: 820, height: 980 },
  { name: 'desktop', width: 1424, height: 750 },
  { name: '4K', width: 3824, height: 2000 },
];

/** @param {import('../../../services/web/static/js/ui/grid.js').Rect} a @param {typeof a} b */
const overlap = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

for (const stage of STAGES) {
  for (let count = 1; count <= 9; count += 1) {
    test(`${count} tiles on a ${stage.name} stage lie inside, apart and equal`, () => {
      const rects = gridRects(stage, count, GAP);
      assert.equal(rects.length, count);
      for (const [index, rect] of rects.entries()) {
        assert.ok(rect.x >= 0 && rect.y >= 0, 'outside at the start');
        assert.ok(rect.x + rect.width <= stage.width + 1, 'outside at the side');
        assert.ok(rect.y + rect.height <= stage.height + 1, 'outside at the foot');
        assert.ok(Math.abs(rect.width - (rects[0]?.width ?? 0)) <= 1);
        assert.ok(
          rects.every((other, at) => at === index || !overlap(rect, other)),
          'overlap',
        );
      }
    });
  }
}

test('landscape stages hold 16:9 tiles', () => {
  const { width, height } = bestGrid({ width: 1424, height: 750 }, 4, GAP);
  assert.ok(Math.abs(width / height - 16 / 9) < 0.01);
});

test('two people share a desktop side by side and a phone one above the other', () => {
  assert.equal(bestGrid({ width: 1424, height: 750 }, 2, GAP).columns, 2);
  assert.equal(bestGrid({ width: 374, height: 640 }, 2, GAP).columns, 1);
});

test('portrait tiles grow taller than wide to fill the stage, not without end', () => {
  const { width, height } = bestGrid({ width: 374, height: 640 }, 1, GAP);
  assert.ok(width / height >= 3 / 4 - 0.01 && width / height < 16 / 9);
});

test('a shared screen takes the larger part, faces keep a strip', () => {
  for (const stage of STAGES) {
    const [screen, ...faces] = arrange(stage, [true, false, false], GAP);
    const area = (/** @type {any} */ rect) => rect.width * rect.height;
    assert.ok(
      faces.every((face) => area(screen) > 1.5 * area(face)),
      stage.name,
    );
    assert.ok(
      faces.every((face) => screen !== undefined && !overlap(screen, face)),
      stage.name,
    );
  }
});

test('an empty or tiny stage gives no negative sizes', () => {
  for (const stage of [
    { width: 0, height: 0 },
    { width: 50, height: 20 },
  ]) {
    for (const rect of gridRects(stage, 8, GAP)) {
      assert.ok(rect.width >= 0 && rect.height >= 0);
    }
  }
  assert.deepEqual(gridRects({ width: 300, height: 300 }, 0, GAP), []);
});
