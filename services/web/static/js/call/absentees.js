/**
 * The clock behind "Reconnecting…": who is away with a dead link gets a few seconds to
 * come back before their tile leaves the stage.
 *
 * A closed tab looks exactly like a tunnel: the server keeps the seat for minutes, and
 * nobody wants to look at a frozen face for so long.
 *
 * @typedef {import('./devices.js').CallStore} CallStore
 */

import { systemTimers, TimerScope } from '../lib/timers.js';
import { isOutOfReach } from './roster.js';

export const PATIENCE_MS = 10_000;

/**
 * @param {CallStore} store
 * @param {{ signal: AbortSignal, timers?: import('../lib/timers.js').Timers }} options
 */
export function watchAbsentees(store, { signal, timers = systemTimers }) {
  const scope = new TimerScope(timers);
  /** @type {Set<string>} */
  const watched = new Set();
  signal.addEventListener('abort', () => scope.close(), { once: true });
  store.subscribe(
    ({ peers }) => {
      const lost = new Set(peers.filter(isOutOfReach).map((peer) => peer.id));
      for (const peerId of watched) {
        if (!lost.has(peerId)) {
          watched.delete(peerId);
          scope.clear(peerId);
        }
      }
      for (const peerId of lost) {
        if (!watched.has(peerId)) {
          watched.add(peerId);
          scope.set(peerId, PATIENCE_MS, () => store.dispatch({ type: 'peer.absent', peerId }));
        }
      }
    },
    { signal },
  );
}
