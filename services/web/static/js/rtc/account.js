/**
 * What the operators are told of one link: how it went, in numbers (`call.report`).
 */

/** What the protocol takes. */
const LONGEST_SETUP_MS = 3_600_000;

/** @typedef {"connected" | "failed" | "restarted" | "ended"} Outcome */

export class Account {
  #now;
  #tell;
  #begunAt;
  /** @type {number | null} */
  #connectedAt = null;
  #broken = false;

  /**
   * @param {object} options
   * @param {() => number} options.now milliseconds
   * @param {(report: { outcome: Outcome, setup_ms?: number, seconds?: number }) => void} options.tell
   */
  constructor({ now, tell }) {
    this.#now = now;
    this.#tell = tell;
    this.#begunAt = now();
  }

  /** The set-up begins now: what was made in the lobby does not count. */
  begin() {
    this.#begunAt = this.#now();
  }

  /** @param {import("./link.js").LinkState} state */
  note(state) {
    if (state === 'connected') this.#connected();
    else if (state === 'reconnecting') this.#broken = true;
    else if (state === 'failed') this.#tell({ outcome: 'failed' });
    else if (state === 'closed' && this.#connectedAt !== null) {
      this.#tell({ outcome: 'ended', seconds: (this.#now() - this.#connectedAt) / 1000 });
    }
  }

  #connected() {
    if (this.#connectedAt === null) {
      this.#connectedAt = this.#now();
      const setup_ms = Math.min(this.#connectedAt - this.#begunAt, LONGEST_SETUP_MS);
      this.#tell({ outcome: 'connected', setup_ms });
    } else if (this.#broken) {
      this.#tell({ outcome: 'restarted' });
    }
    this.#broken = false;
  }
}
