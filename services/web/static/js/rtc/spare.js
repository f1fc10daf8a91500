/**
 * A connection made in a quiet moment for whoever comes next: making one, with its
 * certificate, takes longer than all else that an answer needs.
 *
 * It has no media sections and gathers nothing, so it holds nothing at the relay.
 */

import { TimerScope } from '../lib/timers.js';

/** After somebody came, until the next one is made: their first frame goes first. */
const QUIET_MS = 2_000;

export class Spare {
  #timers;
  #create;
  /** @type {RTCPeerConnection | null} */
  #pc = null;
  #wanted = false;

  /**
   * @param {object} options
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {() => RTCPeerConnection} options.create
   */
  constructor({ timers, create }) {
    this.#timers = new TimerScope(timers);
    this.#create = create;
  }

  /** From now on others may come. */
  want() {
    this.#wanted = true;
    if (!this.#pc && !this.#timers.has('make')) this.#later();
  }

  /** @returns {RTCPeerConnection} */
  take() {
    const pc = this.#pc ?? this.#create();
    this.#pc = null;
    if (this.#wanted) this.#later();
    return pc;
  }

  /** @param {RTCConfiguration} configuration */
  configure(configuration) {
    this.#pc?.setConfiguration(configuration);
  }

  close() {
    this.#wanted = false;
    this.#timers.clear('make');
    this.#pc?.close();
    this.#pc = null;
  }

  #later() {
    this.#timers.set('make', QUIET_MS, () => {
      this.#pc ??= this.#create();
    });
  }
}
