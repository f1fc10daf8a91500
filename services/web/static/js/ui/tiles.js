/**
 * The tiles of the stage: one per person and per shared screen, drawn from the state.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/selectors.js').Tile} Tile
 * @typedef {(peerId: string | null, source: import('../call/types.js').Source) => MediaStreamTrack | null} TrackOf
 */

import { SELF, tiles } from '../call/selectors.js';
import { initials } from '../call/text.js';
import { linkWords, qualityWords } from '../call/words.js';
import {
  fromTemplate,
  KeyedList,
  part,
  partOf,
  setAttribute,
  setShown,
  setText,
  setVariable,
} from './dom.js';
import { arrange } from './grid.js';
import { playQuietly, showTrack } from './videos.js';

const GAP_PX = 8;

/**
 * @param {HTMLElement} list
 * @param {{ trackOf: TrackOf, signal: AbortSignal }} options
 * @returns {(state: CallState) => void}
 */
export function mountTiles(list, { trackOf, signal }) {
  /** @type {Tile[]} */
  let shown = [];
  const keyed = new KeyedList(list, {
    keyOf: (/** @type {Tile} */ tile) => tile.key,
    create: createTile,
    update: (element, tile) => updateTile(element, tile, trackOf(tile.peerId, tile.source)),
    remove: (element) => showTrack(partOf(element, 'video', HTMLVideoElement), null),
  });
  const place = () => placeTiles(list, shown);
  const observer = new ResizeObserver(place);
  observer.observe(list);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
  return (state) => {
    shown = state.phase.name === 'joined' ? tiles(state) : [];
    keyed.render(shown);
    place();
  };
}

/**
 * @param {HTMLElement} list
 * @param {readonly Tile[]} shown
 */
function placeTiles(list, shown) {
  const stage = { width: list.clientWidth, height: list.clientHeight };
  if (stage.width === 0 || stage.height === 0) {
    return;
  }
  const rects = arrange(
    stage,
    shown.map((tile) => tile.source === 'screen'),
    GAP_PX,
  );
  for (const [index, rect] of rects.entries()) {
    const element = /** @type {HTMLElement} */ (list.children[index]);
    setVariable(element, '--x', `${rect.x}px`);
    setVariable(element, '--y', `${rect.y}px`);
    setVariable(element, '--width', `${rect.width}px`);
    setVariable(element, '--height', `${rect.height}px`);
  }
}

/**
 * @param {Tile} tile
 * @returns {HTMLElement}
 */
function createTile(tile) {
  const element = fromTemplate('tile');
  setAttribute(element, 'data-peer-id', tile.peerId ?? SELF);
  setAttribute(element, 'data-source', tile.source);
  setShown(part(element, 'you'), tile.peerId === null);
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {Tile} tile
 * @param {MediaStreamTrack | null} track
 */
function updateTile(element, tile, track) {
  const video = partOf(element, 'video', HTMLVideoElement);
  const visible = tile.videoTrack === null ? null : track;
  if (showTrack(video, visible) && visible !== null) {
    playQuietly(video);
  }
  setShown(video, visible !== null);
  setText(part(element, 'initials'), initials(tile.name));
  setText(part(element, 'name'), tile.source === 'screen' ? `${tile.name}: screen` : tile.name);
  setShown(part(element, 'muted'), tile.muted && tile.source === 'camera');
  setShown(part(element, 'camera-off'), tile.cameraOff && tile.source === 'camera');
  setShown(part(element, 'hand'), tile.hand);
  setAttribute(element, 'data-away', tile.away ? 'true' : null);
  updateLink(element, tile);
}

/**
 * @param {HTMLElement} element
 * @param {Tile} tile
 */
function updateLink(element, { link, away, name, source }) {
  const state = link?.state ?? SELF;
  setAttribute(element, 'data-state', state);
  setAttribute(element, 'data-path', link?.path ?? null);
  const chip = part(element, 'path');
  setShown(chip, link !== null && source === 'camera');
  setText(part(element, 'status'), coverWords(state, away, name));
  setShown(part(element, 'cover'), coverWords(state, away, name) !== '');
  if (link !== null) {
    setAttribute(chip, 'data-state', state);
    setText(part(element, 'path-words'), linkWords(link));
    setText(part(element, 'path-quality'), qualityWords(link));
  }
}

/**
 * @param {string} state
 * @param {boolean} away
 * @param {string} name
 * @returns {string} What stands over the picture; empty while all is well.
 */
export function coverWords(state, away, name) {
  switch (state) {
    case 'failed':
      return `No connection to ${name}. Traverse keeps trying; another network often helps.`;
    case 'reconnecting':
      return 'Reconnecting…';
    case 'new':
    case 'connecting':
      return 'Connecting…';
    case 'closed':
      return away ? `${name} lost the connection and may come back.` : '';
    default:
      return '';
  }
}
