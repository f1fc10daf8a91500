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

const REASONS = ['denied', 'missing', 'busy', 'lost', 'failed', 'insecure', 'unsupported'];

/**
 * @param {'microphone' | 'camera' | 'screen'} device
 * @returns {string[]} The notices that trying the device again answers.
 */
function codesOf(device) {
  const kinds = device === 'screen' ? [device] : [device, 'devices'];
  return kinds.flatMap((kind) => REASONS.map((reason) => `${kind}_${reason}`));
}

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
  }

  /** @param {boolean} on */
  async setAudio(on) {
    this.#settle('microphone');
    this.#present({ audio: on });
    await this.#media.setAudio(on);
  }

  /** @param {boolean} on */
  async setVideo(on) {
    this.#settle('camera');
    this.#present({ video: on });
    await this.#media.setVideo(on);
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
    // "Stop sharing" is a button of the browser's, too.
    this.#present({ screen: screen !== null });
    this.#changed.tracks(this.#media.tracks);
  }

  /** @param {{ code: string }} fault Of `rtc/media.js`: `camera_denied` and the like. */
  #failed({ code }) {
    const [device, reason] = code.split('_');
    if (device === 'microphone' || device === 'camera') {
      this.#present(device === 'camera' ? { video: false } : { audio: false });
    }
    const twin = `${device === 'camera' ? 'microphone' : 'camera'}_${reason}`;
    const both =
      device !== 'screen' && this.#store.state.notices.some((each) => each.code === twin);
    if (both) {
      this.#store.dispatch({ type: 'notice.settled', codes: [twin] });
    }
    this.#store.dispatch({ type: 'notice', code: both ? `devices_${reason}` : code });
  }

  /** @param {Partial<Presence>} patch */
  #present(patch) {
    const before = this.#store.state.self.presence;
    this.#store.dispatch({ type: 'self.presence', patch });
    if (this.#store.state.self.presence !== before) {
      this.#changed.presence();
    }
  }

  /** @param {'microphone' | 'camera' | 'screen'} device */
  #settle(device) {
    this.#store.dispatch({ type: 'notice.settled', codes: codesOf(device) });
  }
}
