/**
 * Draws how loud the microphone is, as a bar and in words.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 */

import { loudness, Smoother } from '../lib/loudness.js';
import { part, setAttribute, setText, setVariable } from './dom.js';

/** As loud as this is speech into a microphone that works. */
const HEARD = 0.35;
/** Steps of a meter that does not flicker, for who asked for less motion. */
const CALM_STEPS = 4;
const CALM_MS = 500;

/**
 * @param {number} level From 0 to 1.
 * @returns {string}
 */
export function levelWords(level) {
  if (level < 0.05) {
    return 'No sound';
  }
  if (level < HEARD) {
    return 'Quiet';
  }
  return level < 0.95 ? 'Good' : 'Very loud';
}

/**
 * @param {object} what
 * @param {boolean} what.on Whether the microphone is switched on.
 * @param {boolean} what.open Whether it delivers, and the browser lets this page listen.
 * @param {boolean} what.heard Whether it was loud once.
 * @returns {string}
 */
export function microphoneWords({ on, open, heard }) {
  if (!on) {
    return 'Your microphone is off.';
  }
  if (!open) {
    return '';
  }
  return heard ? 'Your microphone works.' : 'Say something to test your microphone.';
}

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {() => CallState} options.state
 * @param {import('../rtc/level.js').LevelMeter} options.meter
 * @param {MediaQueryList} options.calm Whether less motion is wanted.
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountLevel(root, { state, meter, calm, signal }) {
  const bar = part(root, 'meter');
  const words = part(root, 'meter-words');
  const smoother = new Smoother();
  let heard = false;
  let microphone = state().equipment.microphone;
  let waited = 0;
  // A browser may keep the page from listening until the first click, or for good.
  let known = false;
  const describe = () => {
    const { presence, devices } = state().self;
    setText(words, microphoneWords({ on: presence.audio, open: devices.audio && known, heard }));
  };
  meter.on(
    'level',
    ({ amplitude, stepMs }) => {
      const on = state().self.presence.audio;
      const level = smoother.next(on ? loudness(amplitude ?? 0) : 0, stepMs);
      const news = known !== (amplitude !== null) || (level >= HEARD && !heard);
      known = amplitude !== null;
      heard ||= level >= HEARD;
      if (news) {
        describe();
      }
      waited += stepMs;
      if (bar.getClientRects().length === 0 || (calm.matches && waited < CALM_MS)) {
        return;
      }
      waited = 0;
      const shown = calm.matches ? Math.round(level * CALM_STEPS) / CALM_STEPS : level;
      setVariable(bar, '--level', shown.toFixed(2));
      setAttribute(bar, 'aria-valuenow', String(Math.round(shown * 100)));
      setAttribute(bar, 'aria-valuetext', levelWords(shown));
    },
    { signal },
  );
  return ({ equipment }) => {
    if (equipment.microphone !== microphone) {
      microphone = equipment.microphone;
      heard = false;
    }
    describe();
  };
}
