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
    this.#byPeer.set(peerId, tracks);
  }

  /**
   * @param {string} peerId
   * @param {Source} source
   * @returns {MediaStreamTrack | null}
   */
  get(peerId, source) {
    return this.#byPeer.get(peerId)?.get(source) ?? null;
  }

  /** @param {Set<string>} peerIds Those that remain. */
  prune(peerIds) {
    for (const peerId of this.#byPeer.keys()) {
      if (!peerIds.has(peerId)) {
        this.#byPeer.delete(peerId);
      }
    }
  }

  clear() {
    this.#byPeer.clear();
  }

  get size() {
    return this.#byPeer.size;
  }
}
