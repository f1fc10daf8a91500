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
 *
 * @typedef {object} PeopleOptions
 * @property {OwnerActions} actions
 * @property {(key: string | null) => void} pin
 * @property {(question: { title: string, text: string, yes: string }) => Promise<boolean>} confirm
 * @property {() => CallState} state
 * @property {AbortSignal} signal
 */

import { QUALITY_WORDS, qualityOf } from '../call/quality.js';
import { isOwner, people, SELF } from '../call/selectors.js';
import { linkWords, qualityWords } from '../call/words.js';
import { fromTemplate, KeyedList, part, setAttribute, setShown, setText } from './dom.js';

/**
 * @param {HTMLElement} root
 * @param {PeopleOptions} options
 * @returns {(state: CallState) => void}
 */
export function mountPeople(root, options) {
  const { actions, state, signal } = options;
  let owner = false;
  const list = new KeyedList(part(root, 'people-list'), {
    keyOf: (/** @type {Person} */ person) => person.key,
    create: (person) => createPerson(person, options),
    update: (element, person) => updatePerson(element, person, owner, state().view.pinned),
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
 * @param {PeopleOptions} options
 * @returns {HTMLElement}
 */
function createPerson({ peerId, key }, { actions, pin, confirm, state, signal }) {
  const element = fromTemplate('person');
  setAttribute(element, 'data-peer-id', peerId ?? SELF);
  setShown(part(element, 'you'), peerId === null);
  const tile = `${key}:camera`;
  part(element, 'pin').addEventListener(
    'click',
    () => pin(state().view.pinned === tile ? null : tile),
    { signal },
  );
  if (peerId !== null) {
    const askMute = part(element, 'ask-mute');
    const remove = part(element, 'remove');
    askMute.addEventListener('click', () => void actions.askMute(peerId), { signal });
    const removeAfterQuestion = async () => {
      const name = part(element, 'name').textContent ?? '';
      if (await confirm(removal(name))) {
        await actions.remove(peerId);
      }
    };
    remove.addEventListener('click', () => void removeAfterQuestion(), { signal });
  }
  return element;
}

/** @param {string} name */
function removal(name) {
  return {
    title: `Remove ${name}?`,
    text: 'They leave the call at once and cannot come back until you allow it in the settings of the channel.',
    yes: 'Remove',
  };
}

/**
 * @param {HTMLElement} element
 * @param {Person} person
 * @param {boolean} byOwner Whether the person at this page is the owner.
 * @param {string | null} pinned
 */
function updatePerson(element, person, byOwner, pinned) {
  const { presence, link } = person;
  const isPinned = pinned === `${person.key}:camera`;
  const pin = part(element, 'pin');
  setAttribute(pin, 'data-on', String(isPinned));
  setAttribute(pin, 'aria-label', `${isPinned ? 'Unpin' : 'Pin'} ${person.name}`);
  setAttribute(element, 'data-speaking', person.speaking && presence.audio ? 'true' : null);
  const others = byOwner && person.peerId !== null;
  setText(part(element, 'name'), person.name);
  setShown(part(element, 'owner'), person.owner);
  setShown(part(element, 'muted'), !presence.audio);
  setShown(part(element, 'camera-off'), !presence.video);
  setShown(part(element, 'screen'), presence.screen);
  setShown(part(element, 'hand'), person.hand > 0);
  setText(part(element, 'hand-place'), person.hand > 0 ? String(person.hand) : '');
  setAttribute(element, 'data-state', person.away ? 'away' : 'here');
  setText(part(element, 'way'), wayWords(person));
  setAttribute(element, 'data-path', link?.path ?? null);
  for (const name of ['ask-mute', 'remove']) {
    const button = part(element, name);
    const shown = others && (name === 'remove' || presence.audio);
    setShown(button, shown);
    const verb = name === 'remove' ? `Remove ${person.name}` : `Ask to mute: ${person.name}`;
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
  if (away && link.state !== 'connected') {
    return 'Away: the connection is lost';
  }
  const quality = qualityOf(link);
  const said = quality === null || quality === 'good' ? '' : QUALITY_WORDS[quality];
  const way = [linkWords(link), qualityWords(link), said].filter((word) => word !== '').join(', ');
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
