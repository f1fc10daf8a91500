/**
 * This person's camera, microphone and screen.
 *
 * Owns every local track and its end. Muting keeps the microphone open and sends silence, so
 * that speaking again is instant; switching the camera off stops it, so that its light goes
 * out. What cannot be had is an `error` event with a code, never a rejected call: somebody
 * without a camera still joins with a voice.
 */

import { Emitter } from '../lib/emitter.js';
import { log } from '../lib/log.js';
import { noTracks } from './slots.js';

/** @typedef {import("./slots.js").Source} Source */
/**
 * @typedef {"denied" | "missing" | "busy" | "unsupported" | "insecure" | "lost" | "failed"} Reason
 */
/** @typedef {{ code: `${"microphone" | "camera" | "screen"}_${Reason}` }} MediaFault */

const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};
const SCREEN = { video: { frameRate: { max: 15 } }, audio: true };

/** @type {Record<string, Reason>} */
const REASONS = {
  NotAllowedError: 'denied',
  PermissionDeniedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  DevicesNotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
  AbortError: 'busy',
};

export class Media {
  /** @type {Emitter<{ tracks: import("./slots.js").Tracks, error: MediaFault }>} */
  #events = new Emitter();
  #devices;
  #tracks = noTracks();
  /** @type {{ audioDeviceId: string | null, videoDeviceId: string | null }} */
  #chosen = { audioDeviceId: null, videoDeviceId: null };
  #audio = false;
  #video = false;
  #closed = false;
  /** One change of the camera at a time: two quick clicks must not open it twice. */
  #cameraWork = Promise.resolve();
  #microphoneWork = Promise.resolve();

  /** @param {{ mediaDevices?: MediaDevices }} [options] undefined on insecure pages */
  constructor({ mediaDevices = globalThis.navigator?.mediaDevices } = {}) {
    this.#devices = mediaDevices;
  }

  /**
   * @template {"tracks" | "error"} K
   * @param {K} type `tracks`: all four, after each change; `error`: `{code}`
   * @param {(payload: K extends "tracks" ? import("./slots.js").Tracks : MediaFault) => void} listener
   * @param {{ signal?: AbortSignal }} [options]
   */
  on(type, listener, options) {
    return this.#events.on(type, /** @type {any} */ (listener), options);
  }

  get tracks() {
    return { ...this.#tracks };
  }

  /** What others get: not what was wished. */
  get audio() {
    return this.#audio && this.#tracks.audio !== null;
  }

  get video() {
    return this.#tracks.camera !== null;
  }

  get screen() {
    return this.#tracks.screen !== null;
  }

  /**
   * Ask for both at once (one permission prompt); what one of them lacks is asked again
   * alone.
   *
   * @param {{ audio?: boolean, video?: boolean }} [wanted]
   */
  async start({ audio = true, video = true } = {}) {
    this.#audio = audio;
    this.#video = video;
    if (audio && video && (await this.#both())) return;
    if (audio) await this.setAudio(true);
    if (video) await this.setVideo(true);
  }

  /** @param {boolean} on @returns {Promise<void>} */
  setAudio(on) {
    this.#audio = on;
    this.#microphoneWork = this.#microphoneWork.then(async () => {
      if (this.#audio && !this.#tracks.audio) {
        await this.#open('audio', { audio: this.#audioConstraints });
      }
      if (this.#tracks.audio) this.#tracks.audio.enabled = this.#audio;
      this.#changed();
    });
    return this.#microphoneWork;
  }

  /** @param {boolean} on @returns {Promise<void>} */
  setVideo(on) {
    this.#video = on;
    this.#cameraWork = this.#cameraWork.then(async () => {
      if (this.#video && !this.#tracks.camera) {
        await this.#open('camera', { video: this.#videoConstraints });
      } else if (!this.#video) {
        this.#drop('camera');
      }
      this.#changed();
    });
    return this.#cameraWork;
  }

  /**
   * Take other devices; a running one is exchanged at once.
   *
   * @param {{ audioDeviceId?: string | null, videoDeviceId?: string | null }} chosen
   */
  async setDevices(chosen) {
    const before = this.#chosen;
    this.#chosen = { ...before, ...chosen };
    if (this.#chosen.audioDeviceId !== before.audioDeviceId && this.#tracks.audio) {
      this.#drop('audio');
      await this.setAudio(this.#audio);
    }
    if (this.#chosen.videoDeviceId !== before.videoDeviceId && this.#tracks.camera) {
      this.#drop('camera');
      await this.setVideo(this.#video);
    }
  }

  /** @returns {Promise<boolean>} false: refused, cancelled or not possible */
  async startScreen() {
    if (!this.#devices?.getDisplayMedia) {
      this.#fault('screen', globalThis.isSecureContext === false ? 'insecure' : 'unsupported');
      return false;
    }
    try {
      const stream = await this.#devices.getDisplayMedia(SCREEN);
      for (const track of stream.getTracks()) {
        const source = track.kind === 'video' ? 'screen' : 'screenAudio';
        if (source === 'screen') track.contentHint = 'detail';
        this.#put(source, track);
      }
      this.#changed();
      return this.screen;
    } catch (error) {
      this.#fault('screen', reasonOf(error));
      return false;
    }
  }

  stopScreen() {
    this.#drop('screen');
    this.#drop('screenAudio');
    this.#changed();
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    for (const source of /** @type {Source[]} */ (Object.keys(this.#tracks))) this.#drop(source);
    this.#events.clear();
  }

  get #audioConstraints() {
    return constraints(AUDIO, this.#chosen.audioDeviceId);
  }

  get #videoConstraints() {
    return constraints(VIDEO, this.#chosen.videoDeviceId);
  }

  /** @returns {Promise<boolean>} */
  async #both() {
    if (!this.#devices?.getUserMedia) return false;
    try {
      const stream = await this.#devices.getUserMedia({
        audio: this.#audioConstraints,
        video: this.#videoConstraints,
      });
      for (const track of stream.getTracks()) {
        this.#put(track.kind === 'audio' ? 'audio' : 'camera', track);
      }
      this.#changed();
      return true;
    } catch (error) {
      log('media.both', { reason: reasonOf(error) });
      return false;
    }
  }

  /**
   * @param {"audio" | "camera"} source
   * @param {MediaStreamConstraints} wanted
   */
  async #open(source, wanted) {
    const device = source === 'audio' ? 'microphone' : 'camera';
    if (!this.#devices?.getUserMedia) {
      this.#fault(device, globalThis.isSecureContext === false ? 'insecure' : 'unsupported');
      return;
    }
    try {
      const [track] = (await this.#devices.getUserMedia(wanted)).getTracks();
      if (track) this.#put(source, track);
    } catch (error) {
      this.#fault(device, reasonOf(error));
    }
  }

  /** @param {Source} source @param {MediaStreamTrack} track */
  #put(source, track) {
    if (this.#closed) {
      track.stop();
      return;
    }
    this.#drop(source);
    this.#tracks[source] = track;
    if (source === 'audio') track.enabled = this.#audio;
    if (source === 'camera') track.contentHint = 'motion';
    track.onended = () => this.#ended(source, track);
  }

  /** Unplugged, taken by the system, or "stop sharing" of the browser. @param {Source} source @param {MediaStreamTrack} track */
  #ended(source, track) {
    if (this.#tracks[source] !== track) return;
    this.#drop(source);
    if (source === 'screen') this.#drop('screenAudio');
    if (source === 'camera') this.#fault('camera', 'lost');
    if (source === 'audio') this.#fault('microphone', 'lost');
    this.#changed();
  }

  /** @param {Source} source */
  #drop(source) {
    const track = this.#tracks[source];
    if (!track) return;
    this.#tracks[source] = null;
    track.onended = null;
    track.stop();
  }

  /** @param {"microphone" | "camera" | "screen"} device @param {Reason} reason */
  #fault(device, reason) {
    log('media.fault', { device, reason });
    if (!this.#closed) this.#events.emit('error', { code: `${device}_${reason}` });
  }

  #changed() {
    if (!this.#closed) this.#events.emit('tracks', this.tracks);
  }
}

/**
 * A chosen device that is gone must not keep anybody out: it is a wish, not a demand.
 *
 * @param {MediaTrackConstraints} base
 * @param {string | null} deviceId
 * @returns {MediaTrackConstraints}
 */
function constraints(base, deviceId) {
  return deviceId ? { ...base, deviceId: { ideal: deviceId } } : base;
}

/** @param {unknown} error @returns {Reason} */
function reasonOf(error) {
  return REASONS[error instanceof Error ? error.name : ''] ?? 'failed';
}
