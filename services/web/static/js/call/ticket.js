/**
 * The ticket of this page, and the way to a fresh one before or after it runs out.
 */

import { FAILURES } from './words.js';

/** Asked for this long before the end, so that a slow clock does no harm. */
const MARGIN_MS = 10 * 60 * 1000;
const ANSWER_MS = 10_000;
/** Asking again would be refused again; the others are a server in trouble. */
const TICKET_REFUSALS = new Set([401, 403, 404, 410]);

export class TicketRefused extends Error {
  /** @param {string} code A key of `words.js`. */
  constructor(code) {
    super(code);
    this.name = 'TicketRefused';
    this.code = code;
  }
}

export class TicketSource {
  #ticket;
  #expiresAtMs;
  #url;
  #csrfToken;
  #fetch;
  #now;

  /**
   * @param {object} options
   * @param {string | null} options.ticket
   * @param {string} options.expiresAt ISO 8601; empty: not known.
   * @param {string} options.url
   * @param {string} options.csrfToken
   * @param {typeof globalThis.fetch} [options.fetch]
   * @param {() => number} [options.now] Unix milliseconds.
   */
  constructor({ ticket, expiresAt, url, csrfToken, fetch, now = Date.now }) {
    this.#ticket = ticket;
    this.#expiresAtMs = moment(expiresAt);
    this.#url = url;
    this.#csrfToken = csrfToken;
    this.#fetch = fetch ?? ((...args) => globalThis.fetch(...args));
    this.#now = now;
  }

  /** The server refused the ticket, whatever its age. */
  invalidate() {
    this.#ticket = null;
  }

  /**
   * @returns {Promise<string | null>} Null: the server could not be asked just now.
   * @throws {TicketRefused}
   */
  async current() {
    if (this.#ticket !== null && this.#now() < this.#expiresAtMs - MARGIN_MS) {
      return this.#ticket;
    }
    return (await this.#refresh()) ?? this.#ticket;
  }

  /** @returns {Promise<string | null>} */
  async #refresh() {
    const response = await this.#ask();
    if (response === null) {
      return null;
    }
    const body = await response.json().catch(() => null);
    if (TICKET_REFUSALS.has(response.status)) {
      const code = String(body?.code);
      throw new TicketRefused(Object.hasOwn(FAILURES, code) ? code : 'ticket_failed');
    }
    if (!response.ok || typeof body?.ticket !== 'string') {
      return null;
    }
    this.#ticket = body.ticket;
    this.#expiresAtMs = moment(body.expiresAt);
    return this.#ticket;
  }

  /** @returns {Promise<Response | null>} */
  async #ask() {
    try {
      return await this.#fetch(this.#url, {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'X-CSRFToken': this.#csrfToken, Accept: 'application/json' },
        signal: AbortSignal.timeout(ANSWER_MS),
      });
    } catch {
      return null;
    }
  }
}

/**
 * @param {unknown} text ISO 8601.
 * @returns {number} Unix milliseconds; of what says nothing, never.
 */
function moment(text) {
  const ms = Date.parse(String(text));
  return Number.isNaN(ms) ? Number.POSITIVE_INFINITY : ms;
}
