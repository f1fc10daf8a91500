/**
 * How loud a peer is right now, as its packets say: no audio is decoded for it.
 *
 * Whoever sends nothing (muted, or silence that is not transmitted) keeps its last level in
 * the browser; only a newer packet counts.
 */

import { slotsOf } from './slots.js';

export class Hearing {
  #last = 0;

  /**
   * @param {RTCPeerConnection | null} pc
   * @returns {number} 0 to 1, linear
   */
  of(pc) {
    if (pc?.connectionState !== 'connected') return 0;
    const receiver = slotsOf(pc).find(([source]) => source === 'audio')?.[1].receiver;
    const [source] = receiver?.getSynchronizationSources?.() ?? [];
    if (!source || source.timestamp === this.#last) return 0;
    this.#last = source.timestamp;
    return source.audioLevel ?? 0;
  }
}
