/**
 * The camera, microphone and screen of this page: what the person wants, what the
 * browser gives, and what the others are told.
 *
 * Presence says "on" only for what is wanted; `devices` says what delivers. A device
 * that fails is switched off in both, with a notice that says why. Nothing is ever
 * switched on that the person has not switched on: a device that comes back takes its
 * place only where another one runs for it.
 *
 * @typedef {import('./ports.js').MediaPort} MediaPort
 * @typedef {import('./ports.js').DeviceListPort} DeviceListPort
 * @typedef {import('./ports.js').LocalTracks} LocalTracks
 * @typedef {import('./preferences.js').Preferences} Preferences
 * @typedef {import('./preferences.js').Preference} Preference
 * @typedef {import('./types.js').Presence} Presence
 * @typedef {import('../rtc/devices.js').Hardware} Hardware
 * @typedef {import('./store.js').Store<import('./types.js').CallState, import('./types.js').Action>} CallStore
 * @typedef {'microphone' | 'camera' | 'speaker'} DeviceKind
 */

import { REASONS } from '../rtc/media-faults.js';
import { find } from './choice.js';

const PAUSES = ['microphone_paused', 'camera_paused', 'devices_paused'];

/**
 * @param {'microphone' | 'camera' | 'screen'} device
 * @returns {string[]} The notices that trying the device again answers.
 */
function codesOf(device) {
  const kinds = device === 'screen' ? [device] : [device, 'devices'];
  return [...kinds.flatMap((kind) => REASONS.map((reason) => `${kind}_${reason}`)), ...PAUSES];
}

/**
 * @param {Hardware} hardware
 * @param {DeviceKind} kind
 */
function devicesOf({ microphones, cameras, speakers }, kind) {
  return { microphone: microphones, camera: cameras, speaker: speakers }[kind].devices;
}

export class Devices {
  #media;
  #list;
  #preferences;
  #store;
  #changed;
  /** @type {{ microphone?: string, camera?: string }} */
  #asked = {};
  #listedBefore = '';
  /** Ids that a list was asked for: some browsers never list what runs. */
  #looked = new Set();
  #abort = new AbortController();

  /**
   * @param {object} options
   * @param {MediaPort} options.media
   * @param {DeviceListPort} options.list
   * @param {Preferences} options.preferences
   * @param {CallStore} options.store
   * @param {{ tracks: (tracks: LocalTracks) => void, presence: () => void }} options.changed
   */
  constructor({ media, list, preferences, store, changed }) {
    this.#media = media;
    this.#list = list;
    this.#preferences = preferences;
    this.#store = store;
    this.#changed = changed;
    const { signal } = this.#abort;
    media.on('tracks', () => this.#delivered(), { signal });
    media.on('error', (error) => this.#failed(error), { signal });
    media.on('fellBack', ({ device, label }) => this.#fellBack(device, label), { signal });
    list.on('change', () => this.#listed(), { signal });
  }

  get tracks() {
    return this.#media.tracks;
  }

  /** Opens what was on when the last call was left. */
  async start() {
    const wanted = this.#preferences.current;
    const { microphoneOn: audio, cameraOn: video } = wanted;
    this.#present({ audio, video });
    const ids = { microphone: wanted.microphone?.id ?? null, camera: wanted.camera?.id ?? null };
    void this.#media.setDevices(ids);
    void this.#media.setProcessing(wanted);
    void this.#media.setBlur(wanted.backgroundBlur);
    const opened = this.#media.start({ audio, video });
    void this.#list.refresh();
    await opened;
    this.#delivered();
  }

  /** @param {boolean} on */
  async setAudio(on) {
    this.#preferences.update({ microphoneOn: on });
    this.#settle('microphone');
    this.#present({ audio: on });
    await this.#media.setAudio(on);
  }

  /** @param {boolean} on */
  async setVideo(on) {
    this.#preferences.update({ cameraOn: on });
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

  /**
   * @param {DeviceKind} kind
   * @param {string} id Empty: whatever the system prefers.
   */
  async choose(kind, id) {
    const device = devicesOf(this.#list.hardware, kind).find((each) => each.id === id) ?? null;
    this.#preferences.update({ [kind]: device });
    if (kind === 'speaker') {
      return;
    }
    this.#asked[kind] = device?.id;
    await this.#media.setDevices({ [kind]: device?.id ?? null });
    if (this.#noticed(kind) && this.#media.tracks[sourceOf(kind)] === null) {
      await this.retry(kind);
    }
  }

  /**
   * The button of a notice.
   *
   * @param {'microphone' | 'camera' | 'devices'} which
   */
  async retry(which) {
    const { audio, camera } = this.#media.tracks;
    const [microphone, picture] = [which !== 'camera', which !== 'microphone'];
    if (microphone) {
      this.#settle('microphone');
    }
    if (picture) {
      this.#settle('camera');
    }
    if (microphone && picture && audio === null && camera === null) {
      this.#preferences.update({ microphoneOn: true, cameraOn: true });
      this.#present({ audio: true, video: true });
      await this.#media.start({ audio: true, video: true });
      return;
    }
    await Promise.all([
      microphone && (audio === null ? this.setAudio(true) : this.#media.reopen('microphone')),
      picture && (camera === null ? this.setVideo(true) : this.#media.reopen('camera')),
    ]);
  }

  /** @param {Partial<Pick<Preference, 'noiseSuppression' | 'echoCancellation' | 'autoGainControl'>>} patch */
  setProcessing(patch) {
    this.#preferences.update(patch);
    return this.#media.setProcessing(this.#preferences.current);
  }

  /** @param {boolean} on */
  setBlur(on) {
    this.#preferences.update({ backgroundBlur: on });
    return this.#media.setBlur(on);
  }

  /** The page is seen again. */
  revive() {
    this.#media.revive();
    void this.#list.refresh();
  }

  close() {
    this.#abort.abort();
    this.#list.close();
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
    this.#tellPauses();
    this.#tellEquipment();
    this.#learnNames();
    this.#takePreferred();
    this.#changed.tracks(this.#media.tracks);
  }

  #tellEquipment() {
    const { hardware } = this.#list;
    const { microphone, camera } = this.#media.running;
    const { canBlur } = this.#media;
    const before = this.#store.state.equipment;
    const same =
      before.hardware === hardware &&
      before.microphone === microphone &&
      before.camera === camera &&
      before.canBlur === canBlur;
    if (!same) {
      const equipment = { hardware, microphone, camera, canBlur };
      this.#store.dispatch({ type: 'equipment', equipment });
    }
  }

  /** A device that runs is one whose name the browser tells: ask again for those it hid. */
  #learnNames() {
    const { microphones, cameras } = this.#list.hardware;
    const { microphone, camera } = this.#media.running;
    const unknown = (/** @type {import('../rtc/devices.js').Kind} */ kind, /** @type {any} */ id) =>
      id !== null && !this.#looked.has(id) && !kind.devices.some((each) => each.id === id);
    if (unknown(microphones, microphone) || unknown(cameras, camera)) {
      this.#looked.add(microphone).add(camera);
      void this.#list.refresh();
    }
  }

  /** The list of devices changed: one that is preferred may be there (again). */
  #listed() {
    this.#tellEquipment();
    const listed = JSON.stringify(this.#list.hardware);
    if (listed !== this.#listedBefore) {
      this.#listedBefore = listed;
      this.#asked = {};
    }
    this.#takePreferred();
  }

  /**
   * A preferred device takes the place of another one that runs. It is asked for once for
   * each list: a browser that gives something else all the same is not asked for ever.
   */
  #takePreferred() {
    const { hardware } = this.#list;
    const { running } = this.#media;
    for (const kind of /** @type {const} */ (['microphone', 'camera'])) {
      const wanted = find(devicesOf(hardware, kind), this.#preferences.current[kind])?.id;
      const other = running[kind] !== null && running[kind] !== wanted;
      if (wanted !== undefined && other && this.#asked[kind] !== wanted) {
        this.#asked[kind] = wanted;
        void this.#media.setDevices({ [kind]: wanted });
      }
    }
  }

  /** The system holds a device back that the person has switched on. */
  #tellPauses() {
    const { audio, video } = this.#store.state.self.presence;
    const { paused } = this.#media;
    const [voice, picture] = [paused.audio && audio, paused.video && video];
    const both = voice && picture ? 'devices_paused' : null;
    const code = both ?? (voice ? 'microphone_paused' : picture ? 'camera_paused' : null);
    const codes = PAUSES.filter((each) => each !== code);
    this.#store.dispatch({ type: 'notice.settled', codes });
    if (code !== null && !this.#store.state.notices.some((each) => each.code === code)) {
      this.#store.dispatch({ type: 'notice', code });
    }
  }

  /** @param {{ code: string }} fault Of `rtc/media.js`: `camera_denied` and the like. */
  #failed({ code }) {
    const [device, reason] = code.split('_');
    const source = device === 'camera' ? 'camera' : 'audio';
    // A change of device that failed leaves the one that runs.
    if (device !== 'screen' && this.#media.tracks[source] === null) {
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

  /**
   * @param {'microphone' | 'camera'} device
   * @param {string} label
   */
  #fellBack(device, label) {
    this.#store.dispatch({ type: 'notice', code: `${device}_changed`, name: label });
  }

  /** @param {Partial<Presence>} patch */
  #present(patch) {
    const before = this.#store.state.self.presence;
    this.#store.dispatch({ type: 'self.presence', patch });
    if (this.#store.state.self.presence !== before) {
      this.#changed.presence();
    }
  }

  /**
   * @param {'microphone' | 'camera'} kind
   * @returns {boolean} Whether a notice about it is shown.
   */
  #noticed(kind) {
    const codes = new Set(codesOf(kind));
    return this.#store.state.notices.some(({ code }) => codes.has(code));
  }

  /** @param {'microphone' | 'camera' | 'screen'} device */
  #settle(device) {
    this.#store.dispatch({ type: 'notice.settled', codes: codesOf(device) });
  }
}

/**
 * @param {'microphone' | 'camera'} kind
 * @returns {'audio' | 'camera'}
 */
function sourceOf(kind) {
  return kind === 'microphone' ? 'audio' : 'camera';
}
