/**
 * Listens a few times a second how loud everybody is, and tells the state who speaks.
 *
 * Nothing is asked while the page is hidden or nobody is there.
 *
 * @typedef {import('./devices.js').CallStore} CallStore
 */

import { systemTimers, TimerScope } from '../lib/timers.js';
import { SpeakerPicker } from './speaker.js';

export const SAMPLE_MS = 200;

/**
 * @param {CallStore} store
 * @param {object} options
 * @param {() => Iterable<readonly [string, number]>} options.levels By peer id, from 0 to 1.
 * @param {() => boolean} options.visible
 * @param {AbortSignal} options.signal
 * @param {import('../lib/timers.js').Timers} [options.timers]
 */
export function watchSpeakers(store, { levels, visible, signal, timers = systemTimers }) {
  const scope = new TimerScope(timers);
  const picker = new SpeakerPicker();
  signal.addEventListener('abort', () => scope.close(), { once: true });
  const listen = () => {
    const { phase, peers } = store.state;
    if (phase.name === 'ended') {
      return;
    }
    scope.set('listen', SAMPLE_MS, listen);
    if (phase.name === 'joined' && peers.length > 0 && visible()) {
      store.dispatch({ type: 'speaking', ...picker.update(levels(), timers.now()) });
    }
  };
  listen();
}
