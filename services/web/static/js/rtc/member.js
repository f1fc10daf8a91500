/**
 * One other peer of the call: its link, its place in the roster, what it says of itself, and
 * which of its tracks have been handed on.
 *
 * A section that carries a screen exists from the start and cannot tell whether there is a
 * screen: the presence does.
 */

import { samePresence } from './own-presence.js';
import { SOURCES } from './slots.js';

/** @typedef {import("./own-presence.js").Presence & { revision: number }} TheirPresence */
/** @typedef {import("./slots.js").Source} Source */

/**
 * @typedef {object} MemberEvents
 * @property {(presence: TheirPresence) => void} onPresence
 * @property {(source: Source, track: MediaStreamTrack | null) => void} onTrack null: gone
 */

export class Member {
  link;
  /** @type {number | null} null: not in a roster yet */
  order = null;
  state = 'here';
  /** @type {TheirPresence | null} */
  presence = null;
  #events;
  /** @type {Map<Source, MediaStreamTrack>} */
  #tracks = new Map();
  /** @type {Map<Source, MediaStreamTrack>} */
  #shown = new Map();

  /**
   * @param {object} options
   * @param {import("./link.js").Link} options.link
   * @param {MemberEvents} options.events
   */
  constructor({ link, events }) {
    this.link = link;
    this.#events = events;
  }

  /** By whichever way: the newest counts. @param {TheirPresence} presence */
  heard(presence) {
    const known = this.presence;
    if (known && presence.revision < known.revision) return;
    if (known && presence.revision === known.revision && samePresence(known, presence)) return;
    this.presence = presence;
    this.#events.onPresence(presence);
    this.#showTracks();
  }

  /** @param {Source} source @param {MediaStreamTrack} track */
  addTrack(source, track) {
    this.#tracks.set(source, track);
    this.#showTracks();
  }

  /** The link is closed; to be called when nobody can find this member any more. */
  takeBackTracks() {
    for (const source of this.#shown.keys()) this.#events.onTrack(source, null);
  }

  #showTracks() {
    for (const source of SOURCES) {
      const face = source === 'audio' || source === 'camera';
      const track = face || this.presence?.screen ? this.#tracks.get(source) : undefined;
      if (track === this.#shown.get(source)) continue;
      if (track) this.#shown.set(source, track);
      else this.#shown.delete(source);
      this.#events.onTrack(source, track ?? null);
    }
  }
}
