/**
 * From samples to what a person understands: how loud, and whether it is speech.
 */

/** Quieter is drawn as nothing, louder as full; both in dB below full scale. */
const QUIET_DB = -60;
const LOUD_DB = -12;
/** A voice stands out of the room's noise by this much, and is never quieter than this. */
const ABOVE_NOISE_DB = 12;
const VOICE_DB = -48;
/** The noise is what is there in pauses: it follows downwards at once, upwards slowly. */
const NOISE_RISE_DB_PER_S = 5;
const SPEECH_MS = 250;
const WINDOW_MS = 800;
const HANGOVER_MS = 3000;
/** A gap of the clock, as in a page that slept, is no sound. */
const LONGEST_STEP_MS = 200;

/**
 * @param {ArrayLike<number>} samples From -1 to 1.
 * @returns {number} Root mean square, from 0 to 1.
 */
export function rms(samples) {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) sum += Number(samples[index]) ** 2;
  return Math.sqrt(sum / samples.length);
}

/**
 * @param {number} amplitude Root mean square, from 0 to 1.
 * @returns {number} dB relative to full scale; -Infinity for silence.
 */
export function decibels(amplitude) {
  return 20 * Math.log10(amplitude);
}

/**
 * @param {number} amplitude Root mean square, from 0 to 1.
 * @returns {number} From 0 to 1, even in what the ear takes for even steps.
 */
export function loudness(amplitude) {
  const share = (decibels(amplitude) - QUIET_DB) / (LOUD_DB - QUIET_DB);
  return Math.min(1, Math.max(0, share));
}

/** Rises at once, falls slowly: a meter that the eye can follow. */
export class Smoother {
  #value = 0;

  /** @param {number} level @param {number} stepMs */
  next(level, stepMs) {
    const fallen = this.#value - Math.min(stepMs, LONGEST_STEP_MS) / 400;
    this.#value = Math.max(level, fallen, 0);
    return this.#value;
  }
}

/**
 * Whether somebody speaks: enough loud moments within the last second, loud being well
 * above the noise of the room. A door or a key press is too short.
 */
export class SpeechGate {
  #noiseDb = VOICE_DB - ABOVE_NOISE_DB;
  /** @type {{ at: number, ms: number }[]} */
  #loud = [];
  #lastSpeech = Number.NEGATIVE_INFINITY;

  /**
   * @param {number} amplitude Root mean square since the last call.
   * @param {number} now Milliseconds, monotonic.
   * @param {number} stepMs Since the last call.
   * @returns {boolean} True until a while after the last word.
   */
  next(amplitude, now, stepMs) {
    const ms = Math.min(stepMs, LONGEST_STEP_MS);
    const db = Math.max(decibels(amplitude), -100);
    if (db > Math.max(VOICE_DB, this.#noiseDb + ABOVE_NOISE_DB)) this.#loud.push({ at: now, ms });
    const risen = this.#noiseDb + (NOISE_RISE_DB_PER_S * ms) / 1000;
    this.#noiseDb = Math.min(Math.max(db, -100), risen);
    this.#loud = this.#loud.filter(({ at }) => now - at < WINDOW_MS);
    const spoken = this.#loud.reduce((sum, each) => sum + each.ms, 0);
    if (spoken >= SPEECH_MS) this.#lastSpeech = now;
    return now - this.#lastSpeech < HANGOVER_MS;
  }

  reset() {
    this.#loud = [];
    this.#lastSpeech = Number.NEGATIVE_INFINITY;
  }
}
