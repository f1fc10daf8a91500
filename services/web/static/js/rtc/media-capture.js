/**
 * One microphone or one camera: opened, exchanged, lost, found again, closed.
 *
 * Owns its track and every track that it ever opened. The next track is opened before the
 * last one is let go, so that a change of device is no gap for the others; only a device
 * that will not open beside the running one is opened after it. A device that disappears is
 * replaced by another of its kind, if there is one.
 */

import { isBusy } from './media-faults.js';

/**
 * By then `replaceTrack` has put the new track in the old one's place on every link.
 */
export const RETIRE_MS = 400;
/** Shorter pauses are a device that is starting. */
export const PAUSE_MS = 1000;
/** How long a system may take to give a device back after the page is seen again. */
const COME_BACK_MS = 2500;
const FALL_BACK_TRIES = 3;

/**
 * @typedef {object} CaptureOptions
 * @property {"audio" | "video"} kind
 * @property {() => MediaDevices | undefined} devices
 * @property {() => MediaTrackConstraints} constraints What to open now.
 * @property {import("../lib/timers.js").TimerScope} timers Names are prefixed with the kind.
 * @property {() => void} changed The track is another one, or was paused or went on.
 * @property {(error: unknown) => Promise<void>} failed It could not be opened.
 * @property {() => void} lost It went away and nothing took its place.
 * @property {(label: string) => void} fellBack Another device took its place.
 */

export class Capture {
  #options;
  #kind;
  #timers;
  /** @type {MediaStreamTrack | null} */
  #track = null;
  #listening = new AbortController();
  /** @type {Set<MediaStreamTrack>} */
  #retiring = new Set();
  #wish = false;
  #paused = false;
  #closed = false;
  /** One change at a time: two quick clicks must not open a device twice. */
  #work = Promise.resolve();

  /** @param {CaptureOptions} options */
  constructor(options) {
    this.#options = options;
    this.#kind = options.kind;
    this.#timers = options.timers;
  }

  get track() {
    return this.#track;
  }

  /** The system holds it back: a phone call, the lock screen, a switch on the device. */
  get paused() {
    return this.#paused;
  }

  /** @param {boolean} on Wanted from now on; `settle` or `set` acts on it. */
  wish(on) {
    this.#wish = on;
  }

  /**
   * A microphone that is switched off stays open and sends silence, so that speaking again
   * is instant; a camera is closed, so that its light goes out.
   *
   * @param {boolean} on @returns {Promise<void>}
   */
  set(on) {
    this.#wish = on;
    return this.#queue(async () => {
      if (this.#wish && this.#track === null) await this.#open();
      else if (!this.#wish && this.#kind === 'video') this.#drop();
      if (this.#kind === 'audio' && this.#track !== null) this.#track.enabled = this.#wish;
      this.#changed();
    });
  }

  /** Opens what `constraints` say now, in place of what runs. @returns {Promise<void>} */
  exchange() {
    return this.#queue(async () => {
      const before = this.#track;
      if (before === null) return;
      const next = await this.#openBeside(before);
      if (next === null) return;
      if (this.#track === before) this.adopt(next);
      else next.stop();
    });
  }

  /** @param {MediaStreamTrack} track Opened together with another device's, for `wish`. */
  offer(track) {
    if (this.#wish) this.adopt(track);
    else track.stop();
  }

  /** @param {MediaStreamTrack} track Takes the place of what runs. */
  adopt(track) {
    if (this.#closed) {
      track.stop();
      return;
    }
    this.#retire();
    this.#track = track;
    if (this.#kind === 'audio') track.enabled = this.#wish;
    else track.contentHint = 'motion';
    this.#listen(track);
    this.#changed();
  }

  /**
   * The page is seen again. Some systems end or silence devices meanwhile without telling.
   */
  revive() {
    const track = this.#track;
    if (track === null) return;
    if (track.readyState === 'ended') {
      this.#ended(track);
    } else if (track.muted) {
      this.#timers.set(`${this.#kind}.come-back`, COME_BACK_MS, () => {
        if (this.#track === track && track.muted) void this.exchange();
      });
    }
  }

  close() {
    this.#closed = true;
    this.#drop();
    this.#timers.clear(`${this.#kind}.retire`);
    this.#stopRetired();
  }

  /** @param {() => Promise<void>} work @returns {Promise<void>} */
  #queue(work) {
    this.#work = this.#work.then(async () => {
      if (!this.#closed) await work();
    });
    return this.#work;
  }

  async #open() {
    try {
      this.offer(await this.#request(this.#options.constraints()));
    } catch (error) {
      await this.#options.failed(error);
    }
  }

  /** @param {MediaStreamTrack} running @returns {Promise<MediaStreamTrack | null>} */
  async #openBeside(running) {
    const wanted = this.#options.constraints();
    try {
      return await this.#request(wanted);
    } catch (error) {
      if (!isBusy(error)) {
        await this.#options.failed(error);
        return null;
      }
    }
    const { deviceId } = running.getSettings();
    running.stop();
    try {
      return await this.#request(wanted);
    } catch (error) {
      await this.#options.failed(error);
      return this.#again(deviceId);
    }
  }

  /** The device that was let go in vain. @param {string | undefined} deviceId */
  async #again(deviceId) {
    try {
      return await this.#request(this.#only(deviceId ?? ''));
    } catch {
      this.#drop();
      this.#changed();
      return null;
    }
  }

  /** @param {MediaTrackConstraints} wanted @returns {Promise<MediaStreamTrack>} */
  async #request(wanted) {
    const devices = this.#options.devices();
    if (!devices?.getUserMedia) throw new DOMException('no devices', 'NotSupportedError');
    const stream = await devices.getUserMedia({ [this.#kind]: wanted });
    const [track] = stream.getTracks();
    if (!track) throw new DOMException('no track', 'NotFoundError');
    if (this.#closed) track.stop();
    return track;
  }

  /** @param {string} deviceId @returns {MediaTrackConstraints} */
  #only(deviceId) {
    return { ...this.#options.constraints(), deviceId: { exact: deviceId } };
  }

  /** @param {MediaStreamTrack} track */
  #listen(track) {
    this.#listening.abort();
    this.#listening = new AbortController();
    const options = { signal: this.#listening.signal };
    track.addEventListener('ended', () => this.#ended(track), options);
    track.addEventListener('mute', () => this.#pauseSoon(), options);
    track.addEventListener('unmute', () => this.#setPaused(false), options);
    if (track.muted) this.#pauseSoon();
    else this.#setPaused(false);
  }

  #pauseSoon() {
    this.#timers.set(`${this.#kind}.pause`, PAUSE_MS, () => {
      if (this.#track?.muted) this.#setPaused(true);
    });
  }

  /** @param {boolean} paused */
  #setPaused(paused) {
    if (!paused) this.#timers.clear(`${this.#kind}.pause`);
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#changed();
  }

  /** @param {MediaStreamTrack} track */
  #ended(track) {
    if (this.#track !== track) return;
    const { deviceId } = track.getSettings();
    this.#drop();
    this.#changed();
    void this.#queue(async () => {
      if (this.#track !== null || !this.#wish) return;
      const next = await this.#another(deviceId);
      if (next === null) {
        this.#options.lost();
      } else if (this.#wish) {
        this.adopt(next);
        this.#options.fellBack(next.label);
      } else {
        next.stop();
      }
    });
  }

  /**
   * Devices without a name are those of a page without permission: asking for them would
   * put a question to somebody who has just said no.
   *
   * @param {string | undefined} lost @returns {Promise<MediaStreamTrack | null>}
   */
  async #another(lost) {
    for (const { deviceId } of await this.#others(lost)) {
      try {
        return await this.#request(this.#only(deviceId));
      } catch (error) {
        if (error instanceof Error && error.name === 'NotAllowedError') return null;
      }
    }
    return null;
  }

  /** @param {string | undefined} lost @returns {Promise<MediaDeviceInfo[]>} */
  async #others(lost) {
    try {
      const all = (await this.#options.devices()?.enumerateDevices?.()) ?? [];
      const usable = all.filter(
        ({ kind, deviceId, label }) =>
          kind === `${this.#kind}input` && deviceId !== lost && label !== '',
      );
      return usable.slice(0, FALL_BACK_TRIES);
    } catch {
      return [];
    }
  }

  #retire() {
    if (this.#track === null) return;
    this.#retiring.add(this.#track);
    this.#track = null;
    this.#timers.set(`${this.#kind}.retire`, RETIRE_MS, () => this.#stopRetired());
  }

  #stopRetired() {
    for (const track of this.#retiring) track.stop();
    this.#retiring.clear();
  }

  #drop() {
    this.#listening.abort();
    this.#timers.clear(`${this.#kind}.pause`);
    this.#timers.clear(`${this.#kind}.come-back`);
    this.#paused = false;
    this.#track?.stop();
    this.#track = null;
  }

  #changed() {
    if (!this.#closed) this.#options.changed();
  }
}
