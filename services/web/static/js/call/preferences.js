/**
 * What this person wants of every call, kept in this browser: devices, sound, picture,
 * network, keyboard. The only reader and writer of its key in the storage.
 *
 * What is stored is never trusted: a field that is missing, of another version or of
 * another type is the default. Storage that is forbidden or full loses the memory, not
 * the page.
 *
 * @typedef {{ id: string, label: string }} Wanted
 *   A device as it was chosen. Browsers change ids when site data is cleared; the label
 *   then finds it again.
 *
 * @typedef {object} Preference
 * @property {Wanted | null} microphone Null: whatever the system prefers.
 * @property {Wanted | null} camera
 * @property {Wanted | null} speaker
 * @property {boolean} microphoneOn Whether the last call was left with it on.
 * @property {boolean} cameraOn
 * @property {boolean} noiseSuppression
 * @property {boolean} echoCancellation
 * @property {boolean} autoGainControl
 * @property {boolean} backgroundBlur The browser's own, where it has one.
 * @property {boolean} mirror The self view only.
 * @property {boolean} relayOnly Hides this network address from the others.
 * @property {boolean} shortcuts Whether single keys act in the call.
 */

const KEY = 'traverse:preferences';
const VERSION = 1;
const LABEL_CHARS = 256;

/** @type {Readonly<Preference>} */
export const DEFAULTS = Object.freeze({
  microphone: null,
  camera: null,
  speaker: null,
  microphoneOn: true,
  cameraOn: true,
  noiseSuppression: true,
  echoCancellation: true,
  autoGainControl: true,
  backgroundBlur: false,
  mirror: true,
  relayOnly: false,
  shortcuts: true,
});

/**
 * @param {string | null} stored
 * @returns {Preference}
 */
export function parsePreferences(stored) {
  const raw = parse(stored);
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const [name, standard] of Object.entries(DEFAULTS)) {
    const value = raw[name];
    if (typeof standard === 'boolean') {
      found[name] = typeof value === 'boolean' ? value : standard;
    } else {
      found[name] = wantedFrom(value);
    }
  }
  return /** @type {Preference} */ (/** @type {unknown} */ (found));
}

/**
 * @param {Preference} preference
 * @returns {string}
 */
export function formatPreferences(preference) {
  return JSON.stringify({ version: VERSION, ...preference });
}

/**
 * @param {string | null} stored
 * @returns {Record<string, unknown>}
 */
function parse(stored) {
  try {
    const raw = JSON.parse(stored ?? 'null');
    return raw !== null && typeof raw === 'object' && raw.version === VERSION ? raw : {};
  } catch {
    return {};
  }
}

/**
 * @param {any} value
 * @returns {Wanted | null}
 */
function wantedFrom(value) {
  if (typeof value?.id !== 'string' || typeof value?.label !== 'string' || value.id === '') {
    return null;
  }
  return { id: value.id.slice(0, LABEL_CHARS), label: value.label.slice(0, LABEL_CHARS) };
}

export class Preferences {
  #storage;
  #current;
  /** @type {Set<(current: Preference) => void>} */
  #listeners = new Set();

  /** @param {{ storage: () => Pick<Storage, 'getItem' | 'setItem'> }} options A forbidden storage throws when it is only looked at. */
  constructor({ storage }) {
    this.#storage = storage;
    this.#current = parsePreferences(this.#read());
  }

  get current() {
    return this.#current;
  }

  /** @param {Partial<Preference>} patch */
  update(patch) {
    const next = { ...this.#current, ...patch };
    const changed = /** @type {(keyof Preference)[]} */ (Object.keys(patch)).some(
      (name) => !same(next[name], this.#current[name]),
    );
    if (!changed) {
      return;
    }
    this.#current = next;
    try {
      this.#storage().setItem(KEY, formatPreferences(next));
    } catch {
      // It holds for this page, and is forgotten with it.
    }
    for (const listener of [...this.#listeners]) {
      listener(next);
    }
  }

  /**
   * @param {(current: Preference) => void} listener Called after each change.
   * @param {{ signal?: AbortSignal }} [options]
   */
  subscribe(listener, { signal } = {}) {
    this.#listeners.add(listener);
    signal?.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  get listenerCount() {
    return this.#listeners.size;
  }

  #read() {
    try {
      return this.#storage().getItem(KEY);
    } catch {
      return null;
    }
  }
}

/**
 * @param {Preference[keyof Preference]} one
 * @param {Preference[keyof Preference]} other
 * @returns {boolean}
 */
function same(one, other) {
  if (typeof one === 'boolean' || typeof other === 'boolean') {
    return one === other;
  }
  return one?.id === other?.id && one?.label === other?.label;
}
