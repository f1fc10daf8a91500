/**
 * The data channels of one connection: what comes in over them, and whether they may be
 * relied on.
 *
 * Nobody but this page stands between the other browser and our state here, so schema, size
 * and rate are enforced; a program that keeps breaking them is heard only through the server
 * from then on. A heartbeat without answers means a cut path, unless packets still arrive:
 * then the other page is asleep and its connection is left alone.
 */

import { log } from '../lib/log.js';
import { LinkRates } from '../signaling/rates.js';
import { readLinkFrame } from '../signaling/validate.js';
import { Heartbeat, MISSES } from './heartbeat.js';

const MAX_PULSE_BUFFER = 4096;

/**
 * @typedef {object} LifelineEvents
 * @property {(frame: any) => void} onFrame valid, and not a pulse
 * @property {() => void} onAlive proven, or proven again
 * @property {() => void} onSilent three questions without an answer
 * @property {() => void} onCut silent, and nothing else arrives either
 * @property {() => void} onAsleep silent, but the path is alive
 * @property {() => void} onDistrust
 */

export class Lifeline {
  #clock;
  #monitor;
  #events;
  #rates;
  /** @type {import('./session.js').Session | null} */
  #session = null;
  /** @type {Heartbeat | null} */
  #heartbeat = null;
  #distrusted = false;
  #asleep = false;

  /**
   * @param {object} options
   * @param {import('../lib/timers.js').Timers} options.timers
   * @param {import('./monitor.js').LinkMonitor} options.monitor
   * @param {LifelineEvents} options.events
   */
  constructor({ timers, monitor, events }) {
    this.#clock = timers;
    this.#monitor = monitor;
    this.#events = events;
    this.#rates = new LinkRates(() => timers.now());
  }

  /** @returns {RTCDataChannel | null} null while frames must not be entrusted to it */
  get channel() {
    const proven = !this.#distrusted && this.#heartbeat?.state === 'alive';
    const channel = this.#session?.traverse;
    return proven && this.#session?.iceConnected && channel?.readyState === 'open' ? channel : null;
  }

  /** Nothing speaks against the path: it answers, is too new to tell, or its far end sleeps. */
  get sound() {
    const state = this.#heartbeat?.state;
    return state === 'alive' || state === 'unproven' || this.#asleep;
  }

  /** @returns {number | null} milliseconds */
  get rttMs() {
    return this.#heartbeat?.rttMs ?? null;
  }

  /** @param {import('./session.js').Session} session */
  attach(session) {
    this.detach();
    this.#session = session;
    this.#heartbeat = new Heartbeat({
      timers: this.#clock,
      send: (frame) => this.#sendPulse(frame),
      onMiss: (misses) => void this.#onMiss(misses),
      onAlive: () => {
        this.#asleep = false;
        this.#events.onAlive();
      },
    });
  }

  detach() {
    this.#heartbeat?.close();
    this.#heartbeat = null;
    this.#session = null;
    this.#asleep = false;
  }

  /** A channel opened. */
  opened() {
    if (this.#session?.pulse?.readyState === 'open') this.#heartbeat?.start();
  }

  /** The network changed: only an answer to a new question counts. */
  doubt() {
    this.#asleep = false;
    this.#heartbeat?.doubt();
  }

  /**
   * @param {'traverse' | 'pulse'} label
   * @param {unknown} data
   */
  receive(label, data) {
    if (this.#distrusted) return;
    const frame = readLinkFrame(data);
    const isPulse = frame?.type === 'ping' || frame?.type === 'pong';
    if (!frame || isPulse !== (label === 'pulse') || !this.#rates.allows(frame.type)) {
      if (!this.#rates.tolerates()) this.#distrust();
    } else if (frame.type === 'ping') {
      this.#sendPulse({ type: 'pong', t: frame.t });
    } else if (frame.type === 'pong') {
      this.#heartbeat?.answer(frame.t);
    } else {
      this.#events.onFrame(frame);
    }
  }

  #distrust() {
    log('link.distrust');
    this.#distrusted = true;
    this.#events.onDistrust();
  }

  /** @param {object} frame */
  #sendPulse(frame) {
    const channel = this.#session?.pulse;
    if (channel?.readyState !== 'open' || channel.bufferedAmount > MAX_PULSE_BUFFER) return;
    try {
      channel.send(JSON.stringify(frame));
    } catch {
      // It closed between the check and the call; its close event tells the rest.
    }
  }

  /** @param {number} misses */
  async #onMiss(misses) {
    if (misses === 1) await this.#monitor.mark();
    if (misses < MISSES) return;
    if (misses === MISSES) this.#events.onSilent();
    const heartbeat = this.#heartbeat;
    const arrives = await this.#monitor.arrivesSinceMark();
    if (heartbeat !== this.#heartbeat || heartbeat?.state !== 'lost') return;
    this.#asleep = arrives;
    if (arrives) this.#events.onAsleep();
    else this.#events.onCut();
  }
}
