/**
 * Plays what the others say: one audio element per track, and one question to the
 * person when the browser refuses to play without a click.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {{ key: string, peerId: string, source: 'audio' | 'screenAudio', trackId: string }} Voice
 */

import { KeyedList, setAttribute } from './dom.js';
import { showTrack } from './videos.js';

/**
 * @param {CallState} state
 * @returns {Voice[]}
 */
export function voices(state) {
  if (state.phase.name !== 'joined') {
    return [];
  }
  const sources = /** @type {const} */ (['audio', 'screenAudio']);
  return state.peers.flatMap((peer) =>
    sources.flatMap((source) => {
      const trackId = peer.tracks[source];
      const key = `${peer.id}:${source}`;
      return trackId === null ? [] : [{ key, peerId: peer.id, source, trackId }];
    }),
  );
}

/**
 * @param {HTMLElement} holder
 * @param {HTMLElement} button "Turn on sound".
 * @param {object} options
 * @param {import('./tiles.js').TrackOf} options.trackOf
 * @param {(blocked: boolean) => void} options.onBlocked
 * @param {() => string} options.speaker The id of the chosen one; empty: the system's.
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountSound(holder, button, { trackOf, onBlocked, speaker, signal }) {
  /** @param {HTMLAudioElement} element */
  const play = async (element) => {
    try {
      await element.play();
    } catch (error) {
      // Anything else is a track that went away while it was starting.
      if (error instanceof DOMException && error.name === 'NotAllowedError') {
        onBlocked(true);
      }
    }
  };
  const list = new KeyedList(holder, {
    keyOf: (/** @type {Voice} */ voice) => voice.key,
    create: ({ peerId, source }) => {
      const element = new Audio();
      element.autoplay = true;
      setAttribute(element, 'data-peer-id', peerId);
      setAttribute(element, 'data-source', source);
      return element;
    },
    update: (element, { peerId, source }) => {
      const audio = /** @type {HTMLAudioElement} */ (element);
      const track = trackOf(peerId, source);
      route(audio, speaker());
      if (showTrack(audio, track) && track !== null) {
        void play(audio);
      }
    },
    remove: (element) => showTrack(/** @type {HTMLAudioElement} */ (element), null),
  });
  button.addEventListener(
    'click',
    () => {
      onBlocked(false);
      for (const audio of holder.querySelectorAll('audio')) {
        void play(audio);
      }
    },
    { signal },
  );
  return (state) => {
    list.render(voices(state));
    button.hidden = !state.soundBlocked;
  };
}

/**
 * @param {HTMLAudioElement} audio
 * @param {string} speaker
 */
function route(audio, speaker) {
  if ('setSinkId' in audio && audio.sinkId !== speaker) {
    // A speaker that went away meanwhile leaves the sound where it is.
    audio.setSinkId(speaker).catch(() => {});
  }
}
