/**
 * What this page says of itself, and how often it has changed: the highest revision wins,
 * whichever way it came.
 */

/** @typedef {{ audio: boolean, video: boolean, screen: boolean, hand: boolean }} Presence */

export class OwnPresence {
  /** @type {Presence} */
  #value = { audio: false, video: false, screen: false, hand: false };
  #revision = 0;

  get revision() {
    return this.#revision;
  }

  /** @returns {Presence & { revision: number }} */
  get told() {
    return { ...this.#value, revision: this.#revision };
  }

  /**
   * @param {Presence} presence
   * @param {{ joined: boolean }} options not joined: nobody has heard of the last one yet
   * @returns {boolean} whether the others are to be told
   */
  set({ audio, video, screen, hand }, { joined }) {
    const presence = { audio, video, screen, hand };
    if (samePresence(presence, this.#value)) return false;
    this.#value = presence;
    if (joined) this.#revision += 1;
    return joined;
  }

  /**
   * The server's idea of us may be older than ours, or lost.
   *
   * @param {Presence & { revision: number }} known by the server
   * @returns {boolean} whether the server is to be told
   */
  reconcile(known) {
    const same = samePresence(known, this.#value);
    this.#revision = Math.max(this.#revision, known.revision + (same ? 0 : 1));
    return !same;
  }

  /** Another peer begins to count anew. */
  reset() {
    this.#revision = 0;
  }
}

/** @param {Presence} a @param {Presence} b */
export function samePresence(a, b) {
  return a.audio === b.audio && a.video === b.video && a.screen === b.screen && a.hand === b.hand;
}
