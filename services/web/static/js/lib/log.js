/**
 * Events with fields, kept in a short ring for the diagnostics page and, when a person
 * asks for it, shown in the console.
 *
 * Refuses by shape what must never be logged: only numbers, booleans and short words
 * pass. SDP, candidates, addresses, tokens, names and chat cannot be spelled that way.
 */

const KEPT = 200;
const WORD = /^[a-zA-Z0-9_./-]{0,32}$/;
const ADDRESS = /^(\d{1,3}\.){3}\d{1,3}$/;

/** @typedef {{ at: number, event: string, fields: Record<string, number | boolean | string | null> }} LogEntry */

/** @type {LogEntry[]} */
const ring = [];
let verbose = false;

/** @param {boolean} on */
export function setVerbose(on) {
  verbose = on;
}

/**
 * @param {unknown} value
 * @returns {number | boolean | string | null}
 */
function safe(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string' && WORD.test(value) && !ADDRESS.test(value)) return value;
  return 'withheld';
}

/**
 * @param {string} event dotted words: `link.restart`
 * @param {Record<string, unknown>} [fields]
 */
export function log(event, fields = {}) {
  /** @type {LogEntry["fields"]} */
  const kept = {};
  for (const [name, value] of Object.entries(fields)) kept[name] = safe(value);
  ring.push({ at: Date.now(), event, fields: kept });
  if (ring.length > KEPT) ring.shift();
  // biome-ignore lint/suspicious/noConsole: the one place that may, when a person asks
  if (verbose) console.debug(event, kept);
}

/** @returns {readonly LogEntry[]} oldest first */
export function recentLog() {
  return [...ring];
}
