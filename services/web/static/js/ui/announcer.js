/**
 * Says what happened to those who do not see it: each event once, in order.
 *
 * A live region that gets new text while the old is being read may lose one of them,
 * so each sentence is an element of its own, taken away after it was read.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 */

import { coalesce } from '../call/announcements.js';
import { failure, sentence } from '../call/words.js';

const SPOKEN_MS = 10_000;
/** What happens within this time is said together. */
const GATHER_MS = 700;

/**
 * @param {CallState} state
 * @param {number} lastId Of what was said before.
 * @returns {{ lastId: number, polite: import('../call/types.js').Announcement[], urgent: string[] }}
 */
export function unsaid(state, lastId) {
  const isNew = (/** @type {{ id: number }} */ each) => each.id > lastId;
  const polite = state.announcements.filter(isNew);
  const urgent = state.notices.filter(isNew).map((notice) => {
    const words = sentence(notice);
    const { title, next } = failure(notice.code);
    return words === title ? `${title} ${next}` : words;
  });
  return { lastId: Math.max(lastId, state.nextId - 1), polite, urgent };
}

/**
 * @param {HTMLElement} polite An element with `aria-live="polite"`.
 * @param {HTMLElement} urgent One with `aria-live="assertive"`.
 * @param {AbortSignal} signal
 * @returns {(state: CallState) => void}
 */
export function mountAnnouncer(polite, urgent, signal) {
  let lastId = 0;
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  const timers = new Set();
  signal.addEventListener('abort', () => timers.forEach(clearTimeout), { once: true });

  /**
   * @param {HTMLElement} region
   * @param {string} text
   */
  const say = (region, text) => {
    const line = document.createElement('p');
    line.textContent = text;
    region.append(line);
    const timer = setTimeout(() => {
      timers.delete(timer);
      line.remove();
    }, SPOKEN_MS);
    timers.add(timer);
  };
  /** @type {import('../call/types.js').Announcement[]} */
  let gathered = [];
  const sayGathered = () => {
    for (const text of coalesce(gathered)) {
      say(polite, text);
    }
    gathered = [];
  };
  return (state) => {
    const fresh = unsaid(state, lastId);
    lastId = fresh.lastId;
    if (fresh.polite.length > 0 && gathered.length === 0) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        sayGathered();
      }, GATHER_MS);
      timers.add(timer);
    }
    gathered.push(...fresh.polite);
    for (const text of fresh.urgent) {
      say(urgent, text);
    }
  };
}
