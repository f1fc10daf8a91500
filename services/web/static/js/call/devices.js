/**
 * The camera, microphone and screen of this page: what the person wants, what the
 * browser gives, and what the others are told.
 *
 * Presence says "on" only for what is wanted; `devices` says what delivers. A device
 * that fails is switched off in both, with a notice that says why.
 *
 * @typedef {import('./ports.js').MediaPort} MediaPort
 * @typedef {import('./ports.js').LocalTracks} LocalTracks
 * @typedef {import('./types.js').Presence} Presence
 * @typedef {import('./store.js').Store<import('./types.js').CallState, import('./types.js').Action>} CallStore
 */

import { FAILURES } from './words.js';

/** The words of `rtc/media.js` for what a track is for, as codes begin with them. */
const SETTLED_BY = {
  audio: ['audio_permission_denied', 'audio_no_device', 'audio_device_busy', 'audio_device_lost'],
  video: ['video_permission_denied', 'video_no_device', 'video_device_busy', 'video_device_lost'],
  screen: ['screen_denied', 'screen_failed'],
  any: ['permission_denied', 'no_device', 'device_busy', 'device_lost', 'media_failed'],
};

export class Devices {
  #media;
  #store;
  #changed;
  #abort = new AbortController();

  /**
   * @param {object} options
   * @param {MediaPort} options.media
   * @param {CallStore} options.store
   * @param {{ tracks: (tracks: LocalTracks) => void, presence: () => void }} options.changed
   */
  constructor({ media, store, changed }) {
    this.#media = media;
    this.#store = store;
    this.#changed = changed;
    const { signal } = this.#abort;
    media.on('tracks', () => this.#delivered(), { signal });
    media.on('error', (error) => this.#failed(error), { signal });
  }

  get tracks() {
    return this.#media.tracks;
  }

  async start() {
    await this.#media.start({ audio: true, video: true });
    this.#delivered();
    const { audio, camera } = this.#media.tracks;
    this.#present({ audio: audio !== null, video: camera !== null });
  }

  /** @param {boolean} on */
  async setAudio(on) {
    this.#settle('audio');
    this.#present({ audio: on });
    await this.#media.setAudio(on);
    if (on && this.#media.tracks.audio === null) {
      this.#present({ audio: false });
    }
  }

  /** @param {boolean} on */
  async setVideo(on) {
    this.#settle('video');
    this.#present({ video: on });
    await this.#media.setVideo(on);
    if (on && this.#media.tracks.camera === null) {
      this.#present({ video: false });
    }
  }

  async toggleScreen() {
    if (this.#media.tracks.screen !== null) {
      this.#media.stopScreen();
    } else {
      this.#settle('screen');
      await this.#media.startScreen();
    }
    this.#delivered();
  }

  close() {
    this.#abort.abort();
    this.#media.close();
  }

  #delivered() {
    const { audio, camera, screen } = this.#media.tracks;
    this.#store.dispatch({
      type: 'media.devices',
      audio: audio !== null,
      video: camera !== null,
      screen: screen !== null,
    });
    this.#present({ screen: screen !== null });
    this.#changed.tracks(this.#media.tracks);
  }

  /** @param {{ code: string, kind?: string }} error */
  #failed({ code, kind }) {
    const precise = `${kind}_${code}`;
    this.#store.dispatch({ type: 'notice', code: precise in FAILURES ? precise : code });
  }

  /** @param {Partial<Presence>} patch */
  #present(patch) {
    const before = this.#store.state.self.presence;
    this.#store.dispatch({ type: 'self.presence', patch });
    if (this.#store.state.self.presence !== before) {
      this.#changed.presence();
    }
  }

  /** @param {'audio' | 'video' | 'screen'} kind */
  #settle(kind) {
    const codes = [...SETTLED_BY[kind], ...SETTLED_BY.any];
    this.#store.dispatch({ type: 'notice.settled', codes });
  }
}
