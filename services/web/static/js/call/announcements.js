/**
 * What the live region says for a handful of events: pure. Eight people who come within
 * a second are one sentence; so are five messages.
 *
 * @typedef {import('./types.js').Announcement} Announcement
 */

import { list } from './quality.js';
import { sentence } from './words.js';

/** Of a chat message, so that a pasted page does not hold up everything else. */
const READ_OUT = 240;
/** That many messages are still read one by one. */
const FEW = 2;

/** @type {Readonly<Record<string, (who: string) => string>>} */
const TOGETHER = {
  peer_joined: (who) => `${who} joined.`,
  peer_left: (who) => `${who} left.`,
  peer_absent: (who) => `${who} lost the connection.`,
  peer_back: (who) => `${who} are back.`,
  hand_raised: (who) => `${who} raised their hands.`,
  link_reconnecting: (who) => `The connections to ${who} are interrupted. Trying again.`,
  link_failed: (who) => `No connection to ${who}. Trying again.`,
  knock: (who) => `${who} ask to come in.`,
};

/** Of these only the last still holds. */
const LATEST = /^(status|self_audio|self_video|self_screen|self_hand|layout|(un)?pinned)/;

/**
 * @param {readonly Announcement[]} events Oldest first.
 * @returns {string[]} Sentences, in the order in which their first event came.
 */
export function coalesce(events) {
  /** @type {Map<string, Announcement[]>} */
  const groups = new Map();
  for (const event of events) {
    const key = groupOf(event);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [event]);
    } else {
      group.push(event);
    }
  }
  return [...groups.values()].flatMap(say);
}

/**
 * @param {Announcement} event
 * @returns {string}
 */
function groupOf({ id, code }) {
  const latest = LATEST.exec(code)?.[0];
  if (latest !== undefined) {
    return latest;
  }
  return code === 'chat' || Object.hasOwn(TOGETHER, code) ? code : String(id);
}

/**
 * @param {Announcement[]} group
 * @returns {string[]}
 */
function say(group) {
  const last = /** @type {Announcement} */ (group.at(-1));
  if (last.code === 'chat') {
    return sayChat(group, last);
  }
  const together = Object.hasOwn(TOGETHER, last.code) ? TOGETHER[last.code] : undefined;
  if (together === undefined || group.length === 1) {
    return [sentence(last)];
  }
  const names = [...new Set(group.map((event) => event.name ?? 'Somebody'))];
  return names.length === 1 ? [sentence(last)] : [together(list(names.map((name) => ({ name }))))];
}

/**
 * @param {Announcement[]} group
 * @param {Announcement} last
 * @returns {string[]}
 */
function sayChat(group, last) {
  const spoken = (/** @type {Announcement} */ event) =>
    sentence({ ...event, text: shortened(event.text ?? '') });
  return group.length <= FEW
    ? group.map(spoken)
    : [`${group.length} new messages. The last: ${spoken(last)}`];
}

/**
 * @param {string} text
 * @returns {string}
 */
function shortened(text) {
  const letters = [...text];
  return letters.length <= READ_OUT ? text : `${letters.slice(0, READ_OUT).join('')}…`;
}
