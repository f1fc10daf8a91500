/**
 * Where each tile goes: pure geometry, in CSS pixels.
 *
 * Landscape stages hold 16:9 tiles. Portrait ones let tiles grow taller, so that two
 * people fill a phone. A shared screen takes the larger part; faces keep a strip. Of two
 * people on a small or tall stage, the other one fills it and the own picture is a card
 * in its corner.
 *
 * @typedef {{ x: number, y: number, width: number, height: number }} Rect
 * @typedef {{ width: number, height: number }} Size
 * @typedef {{ large: boolean, self: boolean }} Item
 */

const WIDE = 16 / 9;
const TALL = 3 / 4;
/** Narrower tiles show no face; the stage scrolls instead. */
const MIN_TILE_WIDTH = 120;
const STRIP_SHARE = 0.24;
/** Stages with a shorter side below this are held in a hand. */
const SMALL_STAGE = 560;
/** A phone's own camera, held upright. */
const UPRIGHT = 9 / 16;
/** The card in the corner: a share of the shorter side, within bounds. */
const CARD = { share: 0.3, least: 88, most: 200, rise: 52 };

/**
 * @param {Size} stage
 * @param {readonly Item[]} items
 * @param {number} gap
 * @returns {(Rect & { corner: boolean })[]} In the order of `items`.
 */
export function place(stage, items, gap) {
  if (!isPair(items) || !isSmall(stage)) {
    const rects = arrange(
      stage,
      items.map((item) => item.large),
      gap,
    );
    return rects.map((rect) => ({ ...rect, corner: false }));
  }
  const [full] = gridRects(stage, 1, gap, UPRIGHT);
  const main = full ?? { x: 0, y: 0, ...stage };
  return items.map(({ self }) =>
    self ? { ...card(stage, main, gap), corner: true } : { ...main, corner: false },
  );
}

/**
 * @param {readonly Item[]} items
 * @returns {boolean} This page's own picture and that of one other person, nothing else.
 */
function isPair(items) {
  const own = items.filter((item) => item.self);
  return items.length === 2 && own.length === 1 && !items.some((item) => item.large);
}

/**
 * @param {Size} stage
 * @returns {boolean}
 */
function isSmall({ width, height }) {
  return Math.min(width, height) < SMALL_STAGE || height > width;
}

/**
 * @param {Size} stage
 * @param {Rect} main
 * @param {number} gap
 * @returns {Rect}
 */
function card(stage, main, gap) {
  const side = Math.min(stage.width, stage.height);
  const short = Math.min(Math.max(side * CARD.share, CARD.least), CARD.most, side);
  const upright = stage.height > stage.width;
  const width = upright ? short : Math.min(short * WIDE, stage.width);
  const height = Math.min(upright ? short / TALL : short, stage.height);
  return rounded({
    x: Math.max(0, main.x + main.width - width - gap),
    y: Math.max(0, main.y + main.height - height - CARD.rise),
    width,
    height,
  });
}

/**
 * @param {Size} stage
 * @param {number} count
 * @param {number} gap
 * @param {number} [tallest] The narrowest shape of a tile, as width by height.
 * @returns {{ columns: number, rows: number, width: number, height: number }}
 */
export function bestGrid(stage, count, gap, tallest = stage.height > stage.width ? TALL : WIDE) {
  let best = { columns: 1, rows: Math.max(count, 1), width: 0, height: 0 };
  for (let columns = 1; columns <= Math.max(count, 1); columns += 1) {
    const rows = Math.ceil(count / columns) || 1;
    const cellWidth = (stage.width - gap * (columns - 1)) / columns;
    const cellHeight = (stage.height - gap * (rows - 1)) / rows;
    const aspect = Math.min(Math.max(cellWidth / cellHeight, tallest), WIDE);
    const width = Math.max(0, Math.min(cellWidth, cellHeight * aspect));
    const fits = width >= MIN_TILE_WIDTH || columns === 1;
    if (fits && width * (width / aspect) > best.width * best.height) {
      best = { columns, rows, width, height: width / aspect };
    }
  }
  return best.width >= MIN_TILE_WIDTH ? best : scrollingGrid(stage, count, gap);
}

/**
 * @param {Size} stage
 * @param {number} count
 * @param {number} gap
 */
function scrollingGrid(stage, count, gap) {
  const fitting = Math.floor((stage.width + gap) / (MIN_TILE_WIDTH + gap));
  const columns = Math.max(1, Math.min(count, fitting));
  const width = Math.max(0, (stage.width - gap * (columns - 1)) / columns);
  return { columns, rows: Math.ceil(count / columns) || 1, width, height: width / WIDE };
}

/**
 * @param {Size} stage
 * @param {number} count
 * @param {number} gap
 * @param {number} [tallest]
 * @returns {Rect[]} One per tile, row by row; a short last row stands in the middle.
 */
export function gridRects(stage, count, gap, tallest) {
  const { columns, rows, width, height } = bestGrid(stage, count, gap, tallest);
  const used = rows * height + (rows - 1) * gap;
  const top = Math.max(0, (stage.height - used) / 2);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = (stage.width - inRow * width - (inRow - 1) * gap) / 2;
    return rounded({
      x: left + (index - row * columns) * (width + gap),
      y: top + row * (height + gap),
      width,
      height,
    });
  });
}

/**
 * @param {Size} stage
 * @param {readonly boolean[]} prominent True for each tile that deserves the larger part.
 * @param {number} gap
 * @returns {Rect[]} In the order of `prominent`.
 */
export function arrange(stage, prominent, gap) {
  const large = prominent.filter(Boolean).length;
  const small = prominent.length - large;
  if (large === 0 || small === 0) {
    return gridRects(stage, prominent.length, gap);
  }
  const beside = stage.width >= stage.height;
  const main = mainPart(stage, large, gap, beside);
  const offset = beside ? { x: main.width + gap, y: 0 } : { x: 0, y: main.height + gap };
  const rest = {
    width: stage.width - offset.x,
    // Faces below a screen get no more room than the screen.
    height: Math.min(stage.height - offset.y, beside ? stage.height : main.height),
  };
  const top = Math.floor((stage.height - offset.y - rest.height) / 2);
  const larger = gridRects(main, large, gap, WIDE).map((rect) => moved(rect, { x: 0, y: top }));
  const smaller = gridRects(rest, small, gap).map((rect) =>
    moved(rect, { x: offset.x, y: offset.y + top }),
  );
  return prominent.map((isLarge) => {
    const rect = (isLarge ? larger : smaller).shift();
    return rect ?? { x: 0, y: 0, width: 0, height: 0 };
  });
}

/**
 * Screens are wide: on a portrait stage they take the height that they fill, no more.
 *
 * @param {Size} stage
 * @param {number} large
 * @param {number} gap
 * @param {boolean} beside Whether the strip stands beside it, not below.
 * @returns {Size}
 */
function mainPart(stage, large, gap, beside) {
  if (beside) {
    return {
      width: stage.width - Math.round(stage.width * STRIP_SHARE) - gap,
      height: stage.height,
    };
  }
  const most = stage.height - Math.round(stage.height * STRIP_SHARE) - gap;
  const { rows, height } = bestGrid({ width: stage.width, height: most }, large, gap, WIDE);
  return { width: stage.width, height: Math.ceil(rows * height + (rows - 1) * gap) };
}

/**
 * @param {Rect} rect
 * @param {{ x: number, y: number }} offset
 * @returns {Rect}
 */
function moved(rect, { x, y }) {
  return { ...rect, x: rect.x + x, y: rect.y + y };
}

/**
 * @param {Rect} rect
 * @returns {Rect} On whole pixels: borders of half a pixel look blurred.
 */
function rounded({ x, y, width, height }) {
  return {
    x: Math.round(x),
    y: Math.round(y),
    width: Math.floor(width),
    height: Math.floor(height),
  };
}
