/**
 * The media tracks of the others, by peer and source. The state holds only their ids,
 * so that it stays plain data; whoever draws asks here for the track itself.
 *
 * @typedef {import('./types.js').Source} Source
 */

export class TrackShelf {
  /** @type {Map<string, Map<Source, MediaStreamTrack>>} */
  #byPeer = new Map();

  /**
   * @param {string} peerId
   * @param {Source} source
   * @param {MediaStreamTrack | null} track Null takes it away.
   */
  put(peerId, source, track) {
    const tracks = this.#byPeer.get(peerId) ?? new Map();
    if (track === null) {
      tracks.delete(source);
    } else {
      tracks.set(source, track);
    }
    if (tracks.size === 0) {
      this.#byPeer.delete(peerId);
    } else {
      this.#byPeer.set(peerId, tracks);
    }
  }

  /**
   * @param {string} peerId
   * @param {Source} source
   * @returns {MediaStreamTrack | null}
   */
  get(peerId, source) {
    return this.#byPeer.get(peerId)?.get(source) ?? null;
  }

  /**
   * @param {string} peerId
   * @returns {Iterable<[Source, MediaStreamTrack]>}
   */
  of(peerId) {
    return this.#byPeer.get(peerId) ?? [];
  }

  clear() {
    this.#byPeer.clear();
  }

  get size() {
    return this.#byPeer.size;
  }
}
