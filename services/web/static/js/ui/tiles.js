/**
 * The tiles of the stage: one per person and per shared screen, drawn from the state.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/selectors.js').Tile} Tile
 * @typedef {(peerId: string | null, source: import('../call/types.js').Source) => MediaStreamTrack | null} TrackOf
 *
 * @typedef {object} TileActions
 * @property {(key: string | null) => void} pin
 * @property {(tile: HTMLElement) => unknown} fill The whole screen with one tile.
 */

import { qualityOf } from '../call/quality.js';
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
import { canFill } from './fullscreen.js';
import { place } from './grid.js';
import { playQuietly, showTrack } from './videos.js';

const GAP_PX = 8;

/**
 * @param {HTMLElement} list
 * @param {{ trackOf: TrackOf, actions: TileActions, signal: AbortSignal }} options
 * @returns {(state: CallState) => void}
 */
export function mountTiles(list, { trackOf, actions, signal }) {
  /** @type {Tile[]} */
  let shown = [];
  const keyed = new KeyedList(list, {
    keyOf: (/** @type {Tile} */ tile) => tile.key,
    create: (tile) => createTile(tile, actions, signal),
    update: (element, tile) => updateTile(element, tile, trackOf(tile.peerId, tile.source)),
    remove: (element) => showTrack(partOf(element, 'video', HTMLVideoElement), null),
  });
  // Measured only when it changed: to ask in the middle of drawing lays the page out twice.
  const stage = { width: 0, height: 0 };
  const arrange = () => placeTiles(list, shown, stage);
  const observer = new ResizeObserver(() => {
    stage.width = list.clientWidth;
    stage.height = list.clientHeight;
    arrange();
  });
  observer.observe(list);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
  return (state) => {
    shown = state.phase.name === 'joined' ? tiles(state) : [];
    keyed.render(shown);
    arrange();
  };
}

/**
 * @param {HTMLElement} list
 * @param {readonly Tile[]} shown
 * @param {{ width: number, height: number }} stage
 */
function placeTiles(list, shown, stage) {
  if (stage.width === 0 || stage.height === 0) {
    return;
  }
  const items = shown.map(({ large, peerId, source }) => ({
    large,
    self: peerId === null && source === 'camera',
  }));
  for (const [index, rect] of place(stage, items, GAP_PX).entries()) {
    const element = /** @type {HTMLElement} */ (list.children[index]);
    setVariable(element, '--x', `${rect.x}px`);
    setVariable(element, '--y', `${rect.y}px`);
    setVariable(element, '--width', `${rect.width}px`);
    setVariable(element, '--height', `${rect.height}px`);
    setAttribute(element, 'data-corner', rect.corner ? 'true' : null);
  }
}

/**
 * @param {Tile} tile
 * @param {TileActions} actions
 * @param {AbortSignal} signal
 * @returns {HTMLElement}
 */
function createTile({ key, peerId, source }, { pin, fill }, signal) {
  const element = fromTemplate('tile');
  const fillButton = part(element, 'fill');
  const pinTile = () => pin(element.dataset.pinned === 'true' ? null : key);
  setAttribute(element, 'data-peer-id', peerId ?? SELF);
  setAttribute(element, 'data-source', source);
  setShown(part(element, 'you'), peerId === null);
  setShown(fillButton, canFill(element));
  part(element, 'pin').addEventListener('click', pinTile, { signal });
  fillButton.addEventListener('click', () => void fill(element), { signal });
  element.addEventListener(
    'dblclick',
    (event) => {
      if (!(event.target instanceof Element && event.target.closest('button'))) {
        pinTile();
      }
    },
    { signal },
  );
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
  const name = tile.source === 'screen' ? `${tile.name}: screen` : tile.name;
  setShown(video, visible !== null);
  setText(part(element, 'initials'), initials(tile.name));
  setText(part(element, 'name'), name);
  setShown(part(element, 'muted'), tile.muted && tile.source === 'camera');
  setShown(part(element, 'camera-off'), tile.cameraOff && tile.source === 'camera');
  setShown(part(element, 'hand'), tile.hand);
  setShown(part(element, 'speaking'), tile.speaking && !tile.muted);
  setAttribute(element, 'data-away', tile.away ? 'true' : null);
  setAttribute(element, 'data-speaking', tile.speaking && !tile.muted ? 'true' : null);
  updateButtons(element, tile, name);
  updateLink(element, tile);
}

/**
 * @param {HTMLElement} element
 * @param {Tile} tile
 * @param {string} name
 */
function updateButtons(element, { pinned }, name) {
  const pin = part(element, 'pin');
  setAttribute(element, 'data-pinned', String(pinned));
  setAttribute(pin, 'data-on', String(pinned));
  setAttribute(pin, 'aria-label', pinned ? `Unpin ${name}` : `Pin ${name}`);
  setAttribute(part(element, 'fill'), 'aria-label', `Full screen: ${name}`);
}

/**
 * @param {HTMLElement} element
 * @param {Tile} tile
 */
function updateLink(element, { link, away, name, source }) {
  const state = link?.state ?? SELF;
  const words = coverWords(state, away, name);
  setAttribute(element, 'data-state', state);
  setAttribute(element, 'data-path', link?.path ?? null);
  const chip = part(element, 'path');
  setShown(chip, link !== null && source === 'camera');
  setText(part(element, 'status'), words);
  setShown(part(element, 'cover'), words !== '');
  if (link !== null) {
    setAttribute(chip, 'data-state', state);
    setAttribute(chip, 'data-quality', qualityOf(link));
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
  if (away && state !== 'connected') {
    return 'Reconnecting…';
  }
  switch (state) {
    case 'failed':
      return `No connection to ${name}. Traverse keeps trying; another network often helps.`;
    case 'reconnecting':
      return 'Reconnecting…';
    case 'new':
    case 'connecting':
      return 'Connecting…';
    default:
      return '';
  }
}
