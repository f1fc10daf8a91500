/**
 * This person's camera, microphone and screen.
 *
 * Owns every local track and its end. What cannot be had is an `error` event with a code,
 * never a rejected call: somebody without a camera still joins with a voice.
 */

import { Emitter } from '../lib/emitter.js';
import { log } from '../lib/log.js';
import { systemTimers, TimerScope } from '../lib/timers.js';
import { Capture } from './media-capture.js';
import {
  cameraConstraints,
  microphoneConstraints,
  PROCESSING,
  SCREEN,
} from './media-constraints.js';
import { pageClues, reasonOf } from './media-faults.js';
import { noTracks } from './slots.js';

/** @typedef {import("./slots.js").Tracks} Tracks */
/** @typedef {import("./media-faults.js").Reason} Reason */
/** @typedef {import("./media-faults.js").Device} Device */
/** @typedef {import("./media-constraints.js").Processing} Processing */
/** @typedef {{ code: `${Device}_${Reason}` }} MediaFault */
/** @typedef {{ device: "microphone" | "camera", label: string }} FellBack */
/** @typedef {{ tracks: Tracks, error: MediaFault, fellBack: FellBack }} MediaEvents */

export class Media {
  /** @type {Emitter<MediaEvents>} */
  #events = new Emitter();
  #devices;
  #clues;
  #timers;
  #microphone;
  #camera;
  /** @type {{ screen: MediaStreamTrack | null, screenAudio: MediaStreamTrack | null }} */
  #shared = { screen: null, screenAudio: null };
  #sharing = new AbortController();
  /** @type {{ microphone: string | null, camera: string | null }} */
  #chosen = { microphone: null, camera: null };
  #processing = PROCESSING;
  #blur = false;
  #audio = false;
  #closed = false;

  /**
   * @param {object} [options]
   * @param {MediaDevices} [options.mediaDevices] undefined on insecure pages
   * @param {import("./media-faults.js").Clues} [options.clues]
   * @param {import("../lib/timers.js").Timers} [options.timers]
   */
  constructor({
    mediaDevices = globalThis.navigator?.mediaDevices,
    clues = pageClues(),
    timers = systemTimers,
  } = {}) {
    this.#devices = mediaDevices;
    this.#clues = clues;
    this.#timers = new TimerScope(timers);
    this.#microphone = this.#capture('microphone', () =>
      microphoneConstraints(this.#processing, this.#chosen.microphone),
    );
    this.#camera = this.#capture('camera', () => cameraConstraints(this.#chosen.camera));
  }

  /**
   * @template {keyof MediaEvents} K
   * @param {K} type `tracks`: all four, after each change; `error`: `{code}`; `fellBack`:
   *   another device took the place of one that went away
   * @param {(payload: MediaEvents[K]) => void} listener
   * @param {{ signal?: AbortSignal }} [options]
   */
  on(type, listener, options) {
    return this.#events.on(type, listener, options);
  }

  /** @returns {Tracks} */
  get tracks() {
    const { track: audio } = this.#microphone;
    const { track: camera } = this.#camera;
    return { ...noTracks(), audio, camera, ...this.#shared };
  }

  /** What others get: not what was wished. */
  get audio() {
    return this.#audio && this.#microphone.track !== null;
  }

  get video() {
    return this.#camera.track !== null;
  }

  get screen() {
    return this.#shared.screen !== null;
  }

  /** Which of them the system holds back at the moment. */
  get paused() {
    return { audio: this.#microphone.paused, video: this.#camera.paused };
  }

  /** Ids of the devices that run; null: none does. */
  get running() {
    return {
      microphone: this.#microphone.track?.getSettings().deviceId ?? null,
      camera: this.#camera.track?.getSettings().deviceId ?? null,
    };
  }

  /** Whether the browser itself can blur what is behind the person. */
  get canBlur() {
    const { backgroundBlur } = /** @type {{ backgroundBlur?: boolean[] }} */ (
      this.#camera.track?.getCapabilities?.() ?? {}
    );
    return backgroundBlur?.includes(true) === true && backgroundBlur.includes(false);
  }

  /**
   * Asks for both at once (one question to the person); what one of them lacks is asked for
   * again alone.
   *
   * @param {{ audio?: boolean, video?: boolean }} [wanted]
   */
  async start({ audio = true, video = true } = {}) {
    this.#audio = audio;
    this.#microphone.wish(audio);
    this.#camera.wish(video);
    if (audio && video && (await this.#both())) return;
    if (audio) await this.setAudio(true);
    if (video) await this.setVideo(true);
  }

  /** @param {boolean} on @returns {Promise<void>} */
  setAudio(on) {
    this.#audio = on;
    return this.#microphone.set(on);
  }

  /** @param {boolean} on @returns {Promise<void>} */
  setVideo(on) {
    return this.#camera.set(on);
  }

  /**
   * Takes other devices; a running one is exchanged without a gap.
   *
   * @param {{ microphone?: string | null, camera?: string | null }} chosen Null: the
   *   system's choice.
   */
  async setDevices(chosen) {
    const before = this.#chosen;
    this.#chosen = { ...before, ...chosen };
    const { microphone, camera } = this.running;
    const other = (/** @type {string | null | undefined} */ id, /** @type {string | null} */ now) =>
      id !== undefined && id !== now;
    await Promise.all([
      other(chosen.microphone, microphone) && this.#microphone.exchange(),
      other(chosen.camera, camera) && this.#camera.exchange(),
    ]);
  }

  /** @param {Processing} processing */
  async setProcessing({ noiseSuppression, echoCancellation, autoGainControl }) {
    const before = this.#processing;
    this.#processing = { noiseSuppression, echoCancellation, autoGainControl };
    const same =
      before.noiseSuppression === noiseSuppression &&
      before.echoCancellation === echoCancellation &&
      before.autoGainControl === autoGainControl;
    if (!same) await this.#microphone.exchange();
  }

  /** @param {boolean} on Where the browser cannot, it is remembered for a camera that can. */
  async setBlur(on) {
    this.#blur = on;
    await this.#applyBlur();
  }

  /** The page is seen again: devices that the system took are fetched back. */
  revive() {
    this.#microphone.revive();
    this.#camera.revive();
  }

  /** Opens a paused or silent device anew. @param {"microphone" | "camera"} device */
  reopen(device) {
    return (device === 'microphone' ? this.#microphone : this.#camera).exchange();
  }

  /** @returns {Promise<boolean>} false: refused, cancelled or not possible */
  async startScreen() {
    if (!this.#devices?.getDisplayMedia) {
      this.#fault('screen', withoutInterface());
      return false;
    }
    try {
      const stream = await this.#devices.getDisplayMedia(SCREEN);
      this.#share(stream.getTracks());
      return this.screen;
    } catch (error) {
      this.#fault('screen', await reasonOf(error, 'screen', this.#clues));
      return false;
    }
  }

  stopScreen() {
    this.#unshare();
    this.#changed();
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#microphone.close();
    this.#camera.close();
    this.#unshare();
    this.#timers.close();
    this.#events.clear();
  }

  /**
   * @param {"microphone" | "camera"} device
   * @param {() => MediaTrackConstraints} constraints
   */
  #capture(device, constraints) {
    return new Capture({
      kind: device === 'microphone' ? 'audio' : 'video',
      devices: () => this.#devices,
      constraints,
      timers: this.#timers,
      changed: () => {
        if (device === 'camera' && this.#blur) void this.#applyBlur();
        this.#changed();
      },
      failed: async (error) => this.#fault(device, await this.#reason(error, device)),
      lost: () => this.#fault(device, 'lost'),
      fellBack: (label) => this.#events.emit('fellBack', { device, label }),
    });
  }

  /** @returns {Promise<boolean>} Whether nothing is left to ask. */
  async #both() {
    if (!this.#devices?.getUserMedia) return false;
    try {
      const stream = await this.#devices.getUserMedia({
        audio: microphoneConstraints(this.#processing, this.#chosen.microphone),
        video: cameraConstraints(this.#chosen.camera),
      });
      for (const track of stream.getTracks()) {
        (track.kind === 'audio' ? this.#microphone : this.#camera).offer(track);
      }
      return true;
    } catch (error) {
      const reason = await this.#reason(error, 'camera');
      log('media.both', { reason });
      if (reason !== 'dismissed') return false;
      // Who has just closed the question is not asked it twice more.
      this.#fault('microphone', reason);
      this.#fault('camera', reason);
      return true;
    }
  }

  /** @param {unknown} error @param {"microphone" | "camera"} device @returns {Promise<Reason>} */
  async #reason(error, device) {
    const reachable = typeof this.#devices?.getUserMedia === 'function';
    return reachable ? await reasonOf(error, device, this.#clues) : withoutInterface();
  }

  async #applyBlur() {
    const track = this.#camera.track;
    if (track === null || !this.canBlur) return;
    const { backgroundBlur } = /** @type {{ backgroundBlur?: boolean }} */ (track.getSettings());
    if (backgroundBlur === this.#blur) return;
    const wanted = { ...cameraConstraints(null), backgroundBlur: this.#blur };
    // A camera that cannot after all shows the room as it did before.
    await track.applyConstraints(wanted).catch(() => log('media.blur', { refused: true }));
  }

  /** @param {MediaStreamTrack[]} tracks */
  #share(tracks) {
    this.#unshare();
    if (this.#closed) {
      for (const track of tracks) track.stop();
      return;
    }
    this.#sharing = new AbortController();
    const { signal } = this.#sharing;
    for (const track of tracks) {
      const source = track.kind === 'video' ? 'screen' : 'screenAudio';
      if (source === 'screen') track.contentHint = 'detail';
      this.#shared[source] = track;
      track.addEventListener('ended', () => this.#shareEnded(source), { signal });
    }
    this.#changed();
  }

  /** "Stop sharing" of the browser, or a window that was closed. @param {"screen" | "screenAudio"} source */
  #shareEnded(source) {
    if (source === 'screen') this.#unshare();
    else this.#shared.screenAudio = null;
    this.#changed();
  }

  #unshare() {
    this.#sharing.abort();
    this.#shared.screen?.stop();
    this.#shared.screenAudio?.stop();
    this.#shared = { screen: null, screenAudio: null };
  }

  /** @param {Device} device @param {Reason} reason */
  #fault(device, reason) {
    log('media.fault', { device, reason });
    if (!this.#closed) this.#events.emit('error', { code: `${device}_${reason}` });
  }

  #changed() {
    if (!this.#closed) this.#events.emit('tracks', this.tracks);
  }
}

/** @returns {Reason} */
function withoutInterface() {
  return globalThis.isSecureContext === false ? 'insecure' : 'unsupported';
}
