/**
 * What one link's statistics say: its path, round trip and loss, whether anything still
 * arrives, and how much may be sent. Owns the sampling and the encoder settings.
 */

import { TimerScope } from '../lib/timers.js';
import { applyPlan, CpuGuard, planFor } from './ladder.js';
import { slotsOf } from './slots.js';
import { lossBetween, sampleOf } from './stats.js';

const SAMPLE_MS = 2_000;
const FIRST_SAMPLE_MS = 100;

export class LinkMonitor {
  people = 2;
  /** @type {import("./path.js").Path | null} */
  path = null;
  /** @type {number | null} */
  rttMs = null;
  /** @type {number | null} */
  loss = null;
  #timers;
  #pc;
  #onChange;
  #cpu = new CpuGuard();
  /** @type {import("./stats.js").Sample | null} */
  #last = null;
  /** @type {number | null} */
  #mark = null;
  #closed = false;

  /**
   * @param {object} options
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {() => RTCPeerConnection | null} options.pc
   * @param {() => void} options.onChange
   */
  constructor({ timers, pc, onChange }) {
    this.#timers = new TimerScope(timers);
    this.#pc = pc;
    this.#onChange = onChange;
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
    for (const [source, { sender }] of slotsOf(pc)) {
      if (!sender.track) continue;
      const { height } = sender.track.getSettings();
      const plan = planFor({
        source,
        people: this.people,
        lower: this.#cpu.lower,
        height,
        uplinkBps: this.#last?.uplinkBps ?? null,
      });
      void applyPlan(sender, plan);
    }
  }

  async #round() {
    const before = this.#last;
    const sample = await this.#sample();
    if (this.#closed) return;
    this.#timers.set('sample', SAMPLE_MS, () => void this.#round());
    if (!sample) return;
    this.#last = sample;
    this.path = sample.path ?? this.path;
    this.rttMs = sample.rttMs ?? this.rttMs;
    this.loss = lossBetween(before, sample);
    this.#cpu.observe(sample.cpuLimited, this.#timers.now());
    this.plan();
    this.#onChange();
  }

  /** @returns {Promise<import("./stats.js").Sample | null>} */
  async #sample() {
    const pc = this.#pc();
    if (!pc || pc.connectionState === 'closed') return null;
    try {
      return sampleOf(await pc.getStats());
    } catch {
      return null;
    }
  }
}
