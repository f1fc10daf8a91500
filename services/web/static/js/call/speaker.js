/**
 * Who speaks, from how loud everybody is: pure but for the times handed in.
 *
 * Speech is full of gaps and coughs are short, so a mark comes only after some sound
 * and goes only after a longer silence; and whoever has the floor keeps it until
 * somebody else has spoken alone, or clearly louder, for a while.
 */

/** Levels from 0 to 1, linear. Below the lower one is a room's own noise. */
export const LOUD = 0.02;
export const QUIET = 0.008;
export const START_MS = 250;
export const STOP_MS = 900;
export const TAKEOVER_MS = 700;
const LOUDER = 1.6;
/** Share of a new sample in the smoothed level, for one sample in 200 ms. */
const SMOOTHING = 0.35;

/**
 * @typedef {object} Voice
 * @property {number} level Smoothed.
 * @property {number | null} since When the sound began that still lasts; null: none does.
 * @property {number} heard When it was last loud enough to count.
 * @property {boolean} speaking
 */

export class SpeakerPicker {
  /** @type {Map<string, Voice>} */
  #voices = new Map();
  /** @type {string | null} */
  #speaker = null;
  /** @type {{ id: string, since: number } | null} */
  #rival = null;

  /**
   * @param {Iterable<readonly [string, number]>} levels Of everybody who is there.
   * @param {number} now Milliseconds.
   * @returns {{ speaking: string[], speaker: string | null }}
   */
  update(levels, now) {
    const heard = new Map(levels);
    for (const id of this.#voices.keys()) {
      if (!heard.has(id)) {
        this.#voices.delete(id);
      }
    }
    for (const [id, level] of heard) {
      this.#hear(id, level, now);
    }
    this.#giveFloor(now);
    const speaking = [...this.#voices].filter(([, voice]) => voice.speaking).map(([id]) => id);
    return { speaking: speaking.sort(), speaker: this.#speaker };
  }

  /**
   * @param {string} id
   * @param {number} level
   * @param {number} now
   */
  #hear(id, level, now) {
    const voice = this.#voices.get(id) ?? { level: 0, since: null, heard: now, speaking: false };
    voice.level += (level - voice.level) * SMOOTHING;
    if (level >= (voice.speaking ? QUIET : LOUD)) {
      voice.since ??= now;
      voice.heard = now;
    } else if (now - voice.heard >= STOP_MS) {
      voice.since = null;
      voice.speaking = false;
    } else if (!voice.speaking && now - voice.heard >= STOP_MS / 2) {
      voice.since = null;
    }
    voice.speaking ||= voice.since !== null && voice.heard - voice.since >= START_MS;
    this.#voices.set(id, voice);
  }

  /** @param {number} now */
  #giveFloor(now) {
    const holder = this.#speaker === null ? undefined : this.#voices.get(this.#speaker);
    if (holder === undefined) {
      this.#speaker = null;
    }
    const loudest = this.#loudest();
    if (loudest === null || loudest === this.#speaker) {
      this.#rival = null;
      return;
    }
    if (this.#rival?.id !== loudest) {
      this.#rival = { id: loudest, since: now };
    }
    const level = this.#voices.get(loudest)?.level ?? 0;
    const free = holder === undefined || !holder.speaking;
    const overtaken = holder !== undefined && level > holder.level * LOUDER;
    if (holder === undefined || ((free || overtaken) && now - this.#rival.since >= TAKEOVER_MS)) {
      this.#speaker = loudest;
      this.#rival = null;
    }
  }

  /** @returns {string | null} */
  #loudest() {
    /** @type {[string, Voice] | null} */
    let best = null;
    for (const entry of this.#voices) {
      if (entry[1].speaking && (best === null || entry[1].level > best[1].level)) {
        best = entry;
      }
    }
    return best?.[0] ?? null;
  }
}
