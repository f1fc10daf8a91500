/**
 * The devices that the browser shows to this page, kept current.
 *
 * Before a permission browsers show at most that there is a device, without id and label:
 * such a list is `hidden`, not empty.
 *
 * @typedef {{ id: string, label: string }} Device
 * @typedef {{ devices: readonly Device[], hidden: boolean }} Kind
 * @typedef {{ microphones: Kind, cameras: Kind, speakers: Kind }} Hardware
 */

import { Emitter } from '../lib/emitter.js';

/** @type {Hardware} */
export const NOTHING = Object.freeze({
  microphones: { devices: [], hidden: false },
  cameras: { devices: [], hidden: false },
  speakers: { devices: [], hidden: false },
});

/**
 * @param {readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[]} infos
 * @returns {Hardware}
 */
export function hardwareFrom(infos) {
  return {
    microphones: kindOf(infos, 'audioinput', 'Microphone'),
    cameras: kindOf(infos, 'videoinput', 'Camera'),
    speakers: kindOf(infos, 'audiooutput', 'Speaker'),
  };
}

/**
 * @param {readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[]} infos
 * @param {MediaDeviceKind} kind
 * @param {string} noun
 * @returns {Kind}
 */
function kindOf(infos, kind, noun) {
  const all = infos.filter((info) => info.kind === kind);
  const seen = new Set();
  const devices = all
    // "communications" is a second name, on Windows, for a device that is listed anyway.
    .filter(({ deviceId }) => deviceId !== '' && deviceId !== 'communications')
    .filter(({ deviceId }) => !seen.has(deviceId) && seen.add(deviceId))
    .map(({ deviceId, label }, index) => ({
      id: deviceId,
      label: label.trim() || `${noun} ${index + 1}`,
    }));
  return { devices, hidden: devices.length === 0 && all.length > 0 };
}

export class DeviceList {
  /** @type {Emitter<{ change: Hardware }>} */
  #events = new Emitter();
  #devices;
  #abort = new AbortController();
  #hardware = NOTHING;
  #asked = 0;

  /** @param {{ mediaDevices?: MediaDevices }} [options] undefined on insecure pages */
  constructor({ mediaDevices = globalThis.navigator?.mediaDevices } = {}) {
    this.#devices = mediaDevices;
    const { signal } = this.#abort;
    mediaDevices?.addEventListener?.('devicechange', () => void this.refresh(), { signal });
  }

  get hardware() {
    return this.#hardware;
  }

  /**
   * @param {'change'} type
   * @param {(hardware: Hardware) => void} listener
   * @param {{ signal?: AbortSignal }} [options]
   */
  on(type, listener, options) {
    return this.#events.on(type, listener, options);
  }

  /** @returns {Promise<Hardware>} */
  async refresh() {
    this.#asked += 1;
    const turn = this.#asked;
    const infos = await this.#enumerate();
    // An older answer that arrives later is out of date.
    if (turn === this.#asked && !this.#abort.signal.aborted) {
      this.#hardware = hardwareFrom(infos);
      this.#events.emit('change', this.#hardware);
    }
    return this.#hardware;
  }

  close() {
    this.#abort.abort();
    this.#events.clear();
  }

  /** @returns {Promise<MediaDeviceInfo[]>} */
  async #enumerate() {
    try {
      return (await this.#devices?.enumerateDevices?.()) ?? [];
    } catch {
      return [];
    }
  }
}
