/**
 * Listens to this person's own microphone, also while it is muted, and tells the state
 * when they speak without being heard. Nothing of it leaves the page.
 *
 * @typedef {import('./devices.js').CallStore} CallStore
 */

import { SpeechGate } from '../lib/loudness.js';

/**
 * @param {object} options
 * @param {CallStore} options.store
 * @param {() => MediaStreamTrack | null} options.microphone
 * @param {import('../rtc/level.js').LevelMeter} options.meter Closed with the signal.
 * @param {AbortSignal} options.signal
 */
export function listenToVoice({ store, microphone, meter, signal }) {
  const gate = new SpeechGate();
  let on = store.state.self.presence.audio;
  const follow = () => {
    const { phase, self } = store.state;
    meter.watch(phase.name === 'ended' ? null : microphone());
    if (self.presence.audio !== on) {
      // What was said before the button was pressed was heard.
      on = self.presence.audio;
      gate.reset();
    }
  };
  meter.on(
    'level',
    ({ amplitude, now, stepMs }) => {
      const speaks = amplitude !== null && gate.next(amplitude, now, stepMs);
      store.dispatch({ type: 'self.mutedSpeech', on: speaks && !on });
    },
    { signal },
  );
  store.subscribe(follow, { signal });
  signal.addEventListener('abort', () => meter.close(), { once: true });
  follow();
}
