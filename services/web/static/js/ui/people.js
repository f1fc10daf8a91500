/**
 * The list of people with their states, the way of each link in words, and what the
 * owner can do; and the door, where people wait to be let in.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/selectors.js').Person} Person
 *
 * @typedef {object} OwnerActions
 * @property {(peerId: string) => unknown} admit
 * @property {(peerId: string) => unknown} deny
 * @property {(peerId: string) => unknown} remove
 * @property {(peerId: string) => unknown} askMute
 * @property {(locked: boolean) => unknown} lock
 */

import { isOwner, people, SELF } from '../call/selectors.js';
import { linkWords, qualityWords } from '../call/words.js';
import { fromTemplate, KeyedList, part, setAttribute, setShown, setText } from './dom.js';

/**
 * @param {HTMLElement} root
 * @param {{ actions: OwnerActions, state: () => CallState, signal: AbortSignal }} options
 * @returns {(state: CallState) => void}
 */
export function mountPeople(root, { actions, state, signal }) {
  let owner = false;
  const list = new KeyedList(part(root, 'people-list'), {
    keyOf: (/** @type {Person} */ person) => person.key,
    create: (person) => createPerson(person, actions, signal),
    update: (element, person) => updatePerson(element, person, owner),
  });
  const lock = part(root, 'lock');
  const locked = part(root, 'locked');
  lock.addEventListener('click', () => void actions.lock(!state().room.locked), { signal });
  return (now) => {
    owner = isOwner(now);
    list.render(people(now));
    setShown(lock, owner);
    setAttribute(lock, 'data-on', String(now.room.locked));
    setText(part(lock, 'label'), now.room.locked ? 'Unlock the channel' : 'Lock the channel');
    setShown(locked, now.room.locked && now.phase.name !== 'ended');
  };
}

/**
 * @param {Person} person
 * @param {OwnerActions} actions
 * @param {AbortSignal} signal
 * @returns {HTMLElement}
 */
function createPerson({ peerId }, actions, signal) {
  const element = fromTemplate('person');
  setAttribute(element, 'data-peer-id', peerId ?? SELF);
  setShown(part(element, 'you'), peerId === null);
  if (peerId !== null) {
    const askMute = part(element, 'ask-mute');
    const remove = part(element, 'remove');
    askMute.addEventListener('click', () => void actions.askMute(peerId), { signal });
    remove.addEventListener('click', () => void actions.remove(peerId), { signal });
  }
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {Person} person
 * @param {boolean} byOwner Whether the person at this page is the owner.
 */
function updatePerson(element, person, byOwner) {
  const { presence, link } = person;
  const others = byOwner && person.peerId !== null;
  setText(part(element, 'name'), person.name);
  setShown(part(element, 'owner'), person.owner);
  setShown(part(element, 'muted'), !presence.audio);
  setShown(part(element, 'camera-off'), !presence.video);
  setShown(part(element, 'screen'), presence.screen);
  setShown(part(element, 'hand'), presence.hand);
  setAttribute(element, 'data-state', person.away ? 'away' : 'here');
  setText(part(element, 'way'), wayWords(person));
  setAttribute(element, 'data-path', link?.path ?? null);
  for (const name of ['ask-mute', 'remove']) {
    const button = part(element, name);
    const shown = others && (name === 'remove' || presence.audio);
    setShown(button, shown);
    const verb = name === 'remove' ? `Remove ${person.name}` : `Ask ${person.name} to mute`;
    setAttribute(button, 'aria-label', verb);
  }
}

/**
 * @param {Person} person
 * @returns {string}
 */
function wayWords({ link, away }) {
  if (link === null) {
    return '';
  }
  const words = [linkWords(link), qualityWords(link)].filter((word) => word !== '');
  const way = words.join(', ');
  return away ? `Lost the connection to the server. ${way}` : way;
}

/**
 * @param {HTMLElement} root
 * @param {{ actions: OwnerActions, signal: AbortSignal }} options
 * @returns {(state: CallState) => void}
 */
export function mountDoor(root, { actions, signal }) {
  const list = new KeyedList(root, {
    keyOf: (/** @type {{ peerId: string, name: string }} */ knock) => knock.peerId,
    create: ({ peerId }) => {
      const element = fromTemplate('knock');
      setAttribute(element, 'data-peer-id', peerId);
      part(element, 'admit').addEventListener('click', () => void actions.admit(peerId), {
        signal,
      });
      part(element, 'deny').addEventListener('click', () => void actions.deny(peerId), { signal });
      return element;
    },
    update: (element, { name }) => setText(part(element, 'name'), name),
  });
  return (state) => list.render(state.phase.name === 'joined' ? state.waiting : []);
}
