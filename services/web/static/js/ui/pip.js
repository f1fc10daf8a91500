/**
 * Picture-in-picture: a small window that stays on top while one works elsewhere.
 *
 * Where the browser lends a whole document, the window shows the two most important
 * tiles and the microphone and hang-up buttons; elsewhere the browser's own window
 * shows one video.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/selectors.js').Tile} Tile
 * @typedef {{ requestWindow: (size: { width: number, height: number }) => Promise<Window> }} DocumentPip
 */

import { tiles } from '../call/selectors.js';
import { initials } from '../call/text.js';
import { fromTemplate, KeyedList, part, partOf, setShown, setText } from './dom.js';
import { playQuietly, showTrack } from './videos.js';

const SIZE = { width: 360, height: 240 };
const SHOWN = 2;

/** @returns {DocumentPip | null} */
function documentPip() {
  const { documentPictureInPicture } = /** @type {{ documentPictureInPicture?: DocumentPip }} */ (
    globalThis
  );
  return documentPictureInPicture ?? null;
}

/** @returns {boolean} */
export function canFloat() {
  return documentPip() !== null || document.pictureInPictureEnabled === true;
}

/**
 * @param {CallState} state
 * @returns {Tile[]} What the small window shows: what is large, who speaks, the others.
 */
export function floating(state) {
  const others = tiles(state).filter((tile) => tile.peerId !== null);
  const rank = (/** @type {Tile} */ tile) =>
    (tile.large ? 4 : 0) + (tile.peerId === state.view.speaker ? 2 : 0) + (tile.videoTrack ? 1 : 0);
  return [...others].sort((a, b) => rank(b) - rank(a)).slice(0, SHOWN);
}

export class FloatingWindow {
  #trackOf;
  #actions;
  /** @type {Window | null} */
  #window = null;
  /** @type {((state: CallState) => void) | null} */
  #draw = null;

  /**
   * @param {object} options
   * @param {import('./tiles.js').TrackOf} options.trackOf
   * @param {{ toggleAudio: () => unknown, hangUp: () => unknown }} options.actions
   * @param {AbortSignal} options.signal
   */
  constructor({ trackOf, actions, signal }) {
    this.#trackOf = trackOf;
    this.#actions = actions;
    signal.addEventListener('abort', () => this.close(), { once: true });
  }

  /**
   * @param {CallState} state
   * @returns {Promise<boolean>} False: the browser refused, or nothing can be shown.
   */
  async toggle(state) {
    if (this.#window !== null || document.pictureInPictureElement) {
      this.close();
      return true;
    }
    try {
      const pip = documentPip();
      await (pip === null ? floatVideo() : this.#open(pip, state));
      return true;
    } catch {
      return false;
    }
  }

  /** @param {CallState} state */
  draw(state) {
    if (state.phase.name === 'joined') {
      this.#draw?.(state);
    } else {
      this.close();
    }
  }

  close() {
    this.#window?.close();
    this.#window = null;
    this.#draw = null;
    if (document.pictureInPictureElement) {
      void document.exitPictureInPicture().catch(() => {});
    }
  }

  /**
   * @param {DocumentPip} pip
   * @param {CallState} state
   */
  async #open(pip, state) {
    const opened = await pip.requestWindow(SIZE);
    const page = opened.document;
    page.documentElement.lang = document.documentElement.lang;
    page.title = document.title;
    for (const sheet of document.querySelectorAll('link[rel="stylesheet"]')) {
      page.head.append(page.importNode(sheet));
    }
    page.body.className = 'call theme-dark floating';
    const root = fromTemplate('floating');
    page.body.append(root);
    this.#window = opened;
    this.#draw = this.#mount(root);
    opened.addEventListener(
      'pagehide',
      () => {
        this.#window = null;
        this.#draw = null;
      },
      { once: true },
    );
    this.#draw(state);
  }

  /**
   * @param {HTMLElement} root
   * @returns {(state: CallState) => void}
   */
  #mount(root) {
    const audio = part(root, 'audio');
    audio.addEventListener('click', () => void this.#actions.toggleAudio());
    part(root, 'hang-up').addEventListener('click', () => void this.#actions.hangUp());
    const list = new KeyedList(part(root, 'floating-tiles'), {
      keyOf: (/** @type {Tile} */ tile) => tile.key,
      create: () => fromTemplate('floating-tile'),
      update: (element, tile) => {
        const video = partOf(element, 'video', HTMLVideoElement);
        const track = tile.videoTrack === null ? null : this.#trackOf(tile.peerId, tile.source);
        if (showTrack(video, track) && track !== null) {
          playQuietly(video);
        }
        setShown(video, track !== null);
        setText(part(element, 'initials'), initials(tile.name));
        setText(part(element, 'name'), tile.name);
      },
      remove: (element) => showTrack(partOf(element, 'video', HTMLVideoElement), null),
    });
    const empty = part(root, 'floating-empty');
    return (state) => {
      const shown = floating(state);
      list.render(shown);
      setShown(empty, shown.length === 0);
      audio.dataset.on = String(state.self.presence.audio);
      setText(part(audio, 'label'), state.self.presence.audio ? 'Mute' : 'Unmute');
    };
  }
}

/** The largest picture of somebody else, in the browser's own small window. */
async function floatVideo() {
  const videos = /** @type {HTMLVideoElement[]} */ ([
    ...document.querySelectorAll('[data-part="tiles"] video:not([hidden])'),
  ]);
  const area = (/** @type {HTMLVideoElement} */ video) => video.clientWidth * video.clientHeight;
  const others = videos.filter((video) => !video.closest('[data-peer-id="self"]'));
  const [largest] = (others.length > 0 ? others : videos).sort((a, b) => area(b) - area(a));
  if (largest === undefined) {
    throw new Error('no picture');
  }
  await largest.requestPictureInPicture();
}
