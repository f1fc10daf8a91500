/**
 * What one link's statistics say: its path and numbers, whether anything still arrives, and
 * how much may be sent. Owns the sampling and the encoder settings.
 */

import { TimerScope } from '../lib/timers.js';
import { Governor } from './governor.js';
import { applyPlan, CpuGuard, planFor } from './ladder.js';
import { slotsOf } from './slots.js';
import { lossBetween, rateBetween, sampleOf } from './stats.js';
import { Watchdog } from './watchdog.js';

const SAMPLE_MS = 2_000;
const FIRST_SAMPLE_MS = 100;
/** A screen is what people look at while one is shared. */
const CAMERA_BESIDE_SCREEN = 0.3;

/** @typedef {import("./slots.js").Source} Source */

/**
 * @typedef {object} Numbers
 * @property {number | null} loss
 * @property {number | null} jitterMs
 * @property {number | null} inBitrate
 * @property {number | null} outBitrate
 * @property {number | null} frameWidth
 * @property {number | null} frameHeight
 * @property {number | null} fps
 * @property {string | null} codec
 * @property {string | null} limitation
 */

/** @type {Numbers} */
const NOTHING = {
  loss: null,
  jitterMs: null,
  inBitrate: null,
  outBitrate: null,
  frameWidth: null,
  frameHeight: null,
  fps: null,
  codec: null,
  limitation: null,
};

export class LinkMonitor {
  people = 2;
  /** What the other side looks at. @type {import("./pictures.js").Wanted} */
  wanted = { camera: true, screen: true };
  /** @type {import("./path.js").Path | null} */
  path = null;
  /** @type {number | null} */
  rttMs = null;
  numbers = NOTHING;
  #timers;
  #pc;
  #expected;
  #onChange;
  #onStall;
  #cpu = new CpuGuard();
  #governor = new Governor();
  #watchdog = new Watchdog();
  /** @type {RTCPeerConnection | null} */
  #sampled = null;
  /** @type {import("./stats.js").Sample | null} */
  #last = null;
  /** @type {number | null} */
  #mark = null;
  #closed = false;

  /**
   * @param {object} options
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {() => RTCPeerConnection | null} options.pc
   * @param {() => readonly Source[]} options.expected what the other side sends, as it says
   * @param {() => void} options.onChange
   * @param {() => void} options.onStall what is expected does not come
   */
  constructor({ timers, pc, expected, onChange, onStall }) {
    this.#timers = new TimerScope(timers);
    this.#pc = pc;
    this.#expected = expected;
    this.#onChange = onChange;
    this.#onStall = onStall;
  }

  /** @returns {"less-video" | "audio-only" | null} what is done about a weak uplink */
  get action() {
    return this.#governor.action;
  }

  /** The path is new: measure now, then go on. */
  soon() {
    this.#timers.set('sample', FIRST_SAMPLE_MS, () => void this.#round());
  }

  close() {
    this.#closed = true;
    this.#timers.close();
  }

  /** Remember what has arrived by now. */
  async mark() {
    this.#mark = (await this.#sample())?.alive ?? null;
  }

  /** @returns {Promise<boolean>} whether anything came over the path since `mark` */
  async arrivesSinceMark() {
    const marked = this.#mark;
    const sample = await this.#sample();
    if (!sample || marked === null) return false;
    this.#mark = sample.alive;
    return sample.alive > marked;
  }

  /** Set the encoders for the number of people and the state of this machine. */
  plan() {
    const pc = this.#pc();
    if (!pc) return;
    const slots = slotsOf(pc);
    const sharing = slots.some(([source, { sender }]) => source === 'screen' && sender.track);
    for (const [source, { sender }] of slots) {
      if (!sender.track) continue;
      const { height } = sender.track.getSettings();
      const plan = planFor({
        source,
        people: this.people,
        lower: this.#cpu.lower,
        height,
        capBps: this.#capFor(source, sharing),
        active: this.#isSent(source, sharing),
      });
      void applyPlan(sender, plan);
    }
  }

  /** @param {Source} source @param {boolean} sharing */
  #capFor(source, sharing) {
    const cap = this.#governor.capBps;
    if (cap === null || !sharing) return cap;
    return cap * (source === 'screen' ? 1 - CAMERA_BESIDE_SCREEN : CAMERA_BESIDE_SCREEN);
  }

  /**
   * Of two pictures the face pauses first; alone it pauses when the voice needs the uplink.
   *
   * @param {Source} source @param {boolean} sharing
   */
  #isSent(source, sharing) {
    if (source === 'camera') return this.wanted.camera && !this.#governor.paused;
    return source !== 'screen' || (this.wanted.screen && (sharing || !this.#governor.paused));
  }

  async #round() {
    const sample = await this.#sample();
    if (this.#closed) return;
    this.#timers.set('sample', SAMPLE_MS, () => void this.#round());
    if (!sample) return;
    const pc = this.#pc();
    if (pc !== this.#sampled) {
      this.#sampled = pc;
      this.#last = null;
      this.#governor.reset();
    }
    this.#take(sample);
    this.#guard(sample);
    this.plan();
    this.#onChange();
  }

  /** @param {import("./stats.js").Sample} sample */
  #take(sample) {
    const before = this.#last;
    const { picture } = sample;
    this.#last = sample;
    this.path = sample.path ?? this.path;
    this.rttMs = sample.rttMs ?? this.rttMs;
    this.numbers = {
      loss: lossBetween(before, sample),
      jitterMs: sample.jitterMs,
      inBitrate: rateBetween(before, sample, 'inBytes'),
      outBitrate: rateBetween(before, sample, 'outBytes'),
      frameWidth: picture?.width ?? null,
      frameHeight: picture?.height ?? null,
      fps: picture?.fps ?? null,
      codec: picture?.codec ?? null,
      limitation: sample.limitation,
    };
  }

  /** @param {import("./stats.js").Sample} sample */
  #guard(sample) {
    const now = this.#timers.now();
    this.#cpu.observe(sample.cpuLimited, now);
    this.#governor.observe(sample, now);
    const pc = this.#pc();
    if (pc?.connectionState !== 'connected') {
      this.#watchdog.rest();
      return;
    }
    const expected = this.#expected();
    /** @type {Map<Source, number>} */
    const flows = new Map();
    for (const [source, { mid }] of slotsOf(pc)) {
      if (expected.includes(source)) flows.set(source, sample.flows.get(mid ?? '') ?? 0);
    }
    if (this.#watchdog.observe(flows, now)) this.#onStall();
  }

  /** @returns {Promise<import("./stats.js").Sample | null>} */
  async #sample() {
    const pc = this.#pc();
    if (!pc || pc.connectionState === 'closed') return null;
    try {
      return sampleOf(await pc.getStats(), this.#timers.now());
    } catch {
      return null;
    }
  }
}
