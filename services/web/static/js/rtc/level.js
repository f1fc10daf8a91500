/**
 * How loud a microphone is, also while it is muted: the meter listens to a copy of the
 * track, which nobody is ever sent.
 *
 * Chromium hands the samples over directly (MediaStreamTrackProcessor); an AudioContext
 * there stays asleep until the first click, and the lobby's meter with it. The others,
 * which let a page that records play as well, take an analyser.
 */

import { Emitter } from '../lib/emitter.js';
import { rms } from '../lib/loudness.js';
import { systemTimers, TimerScope } from '../lib/timers.js';

/** @typedef {{ read: () => number | null, close: () => void }} LevelSource `read`: root mean square since the last call; null: not known yet. */
/** @typedef {{ amplitude: number | null, now: number, stepMs: number }} Level */

const EVERY_MS = 50;

export class LevelMeter {
  /** @type {Emitter<{ level: Level }>} */
  #events = new Emitter();
  #createSource;
  #timers;
  /** @type {MediaStreamTrack | null} */
  #watched = null;
  /** @type {MediaStreamTrack | null} */
  #copy = null;
  /** @type {LevelSource | null} */
  #source = null;
  #before = 0;

  /**
   * @param {object} [options]
   * @param {(track: MediaStreamTrack) => LevelSource} [options.createSource]
   * @param {import('../lib/timers.js').Timers} [options.timers]
   */
  constructor({ createSource = levelSource, timers = systemTimers } = {}) {
    this.#createSource = createSource;
    this.#timers = new TimerScope(timers);
  }

  /**
   * @param {'level'} type
   * @param {(level: Level) => void} listener
   * @param {{ signal?: AbortSignal }} [options]
   */
  on(type, listener, options) {
    return this.#events.on(type, listener, options);
  }

  /** @param {MediaStreamTrack | null} track */
  watch(track) {
    if (track === this.#watched) return;
    this.#release();
    this.#watched = track;
    if (track === null) {
      this.#events.emit('level', { amplitude: 0, now: this.#timers.now(), stepMs: EVERY_MS });
      return;
    }
    this.#copy = track.clone();
    this.#copy.enabled = true;
    this.#source = this.#createSource(this.#copy);
    this.#before = this.#timers.now();
    this.#tick();
  }

  close() {
    this.#release();
    this.#watched = null;
    this.#timers.close();
    this.#events.clear();
  }

  #tick() {
    this.#timers.set('tick', EVERY_MS, () => {
      const now = this.#timers.now();
      const amplitude = this.#source?.read() ?? null;
      this.#events.emit('level', { amplitude, now, stepMs: now - this.#before });
      this.#before = now;
      this.#tick();
    });
  }

  #release() {
    this.#timers.clear('tick');
    this.#source?.close();
    this.#source = null;
    this.#copy?.stop();
    this.#copy = null;
  }
}

/**
 * @param {MediaStreamTrack} track
 * @returns {LevelSource}
 */
export function levelSource(track) {
  const { MediaStreamTrackProcessor: Processor, AudioContext: Context } = /** @type {any} */ (
    globalThis
  );
  try {
    if (Processor !== undefined) return processorSource(new Processor({ track }));
    if (Context !== undefined) return analyserSource(new Context(), track);
  } catch {
    // A track that ended meanwhile, or a browser that can neither: the call needs no meter.
  }
  return { read: () => null, close: () => {} };
}

/**
 * @param {{ readable: ReadableStream }} processor
 * @returns {LevelSource}
 */
function processorSource({ readable }) {
  const reader = readable.getReader();
  let loudest = 0;
  let heard = false;
  const pump = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const samples = new Float32Array(value.numberOfFrames);
      value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      value.close();
      loudest = Math.max(loudest, rms(samples));
      heard = true;
    }
  };
  // A cancelled reader is how this ends.
  pump().catch(() => {});
  return {
    read: () => {
      const level = loudest;
      loudest = 0;
      return heard ? level : null;
    },
    close: () => void reader.cancel().catch(() => {}),
  };
}

/**
 * @param {AudioContext} context
 * @param {MediaStreamTrack} track
 * @returns {LevelSource}
 */
function analyserSource(context, track) {
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  const input = context.createMediaStreamSource(new MediaStream([track]));
  input.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const abort = new AbortController();
  const wake = () => {
    if (context.state === 'suspended') void context.resume().catch(() => {});
  };
  for (const gesture of ['pointerdown', 'keydown']) {
    globalThis.addEventListener?.(gesture, wake, { signal: abort.signal });
  }
  wake();
  return {
    read: () => {
      if (context.state !== 'running') return null;
      analyser.getFloatTimeDomainData(samples);
      return rms(samples);
    },
    close: () => {
      abort.abort();
      input.disconnect();
      void context.close().catch(() => {});
    },
  };
}
