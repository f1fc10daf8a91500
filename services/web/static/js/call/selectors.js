/**
 * What the page shows, worked out from the state: pure, drawn by ui/.
 *
 * @typedef {import('./types.js').CallState} CallState
 * @typedef {import('./types.js').Peer} Peer
 * @typedef {import('./types.js').Link} Link
 *
 * @typedef {object} Tile
 * @property {string} key One per tile, stable over changes of what it shows.
 * @property {string | null} peerId Null: this page's own.
 * @property {'camera' | 'screen'} source
 * @property {string} name
 * @property {string | null} videoTrack Id of the track to show; null: a placeholder.
 * @property {boolean} muted
 * @property {boolean} cameraOff
 * @property {boolean} hand
 * @property {boolean} away
 * @property {boolean} speaking
 * @property {boolean} pinned
 * @property {boolean} large Deserves the larger part of the stage.
 * @property {Link | null} link Null: this page's own.
 *
 * @typedef {object} Person
 * @property {string} key
 * @property {string | null} peerId
 * @property {string} name
 * @property {boolean} owner
 * @property {import('./types.js').Presence} presence
 * @property {boolean} away
 * @property {boolean} speaking
 * @property {number} hand Place among the raised hands, from 1; 0: not raised.
 * @property {Link | null} link
 */

import { list } from './quality.js';
import { SELF } from './view.js';

export { SELF };

/**
 * @param {CallState} state
 * @returns {Tile[]} Shared screens first, then people by order, then this page's own.
 */
export function tiles(state) {
  const present = state.peers.filter((peer) => !peer.absent);
  const { selfHidden, pinned, layout, speaking, speaker } = state.view;
  const screens = [...present.flatMap(screenTiles), ...selfScreen(state)];
  const hidden = selfHidden && present.length > 0;
  const people = [...present.map(cameraTile), ...(hidden ? [] : [selfTile(state)])];
  const all = [...screens, ...people].map((tile) => ({
    ...tile,
    pinned: tile.key === pinned,
    speaking: tile.source === 'camera' && speaking.includes(tile.peerId ?? SELF),
  }));
  const hasPin = all.some((tile) => tile.pinned);
  return all.map((tile) => {
    if (hasPin) {
      return { ...tile, large: tile.pinned };
    }
    const bySpeech = layout === 'speaker' && screens.length === 0 && tile.peerId === speaker;
    return { ...tile, large: tile.source === 'screen' || (bySpeech && speaker !== null) };
  });
}

/** What `tiles` fills in. */
const UNMARKED = { speaking: false, pinned: false, large: false };

/**
 * @param {Peer} peer
 * @returns {Tile}
 */
function cameraTile(peer) {
  return {
    key: `${peer.id}:camera`,
    peerId: peer.id,
    source: 'camera',
    name: peer.name,
    videoTrack: peer.presence.video ? peer.tracks.camera : null,
    muted: !peer.presence.audio,
    cameraOff: !peer.presence.video,
    hand: peer.presence.hand,
    away: peer.state === 'away',
    link: peer.link,
    ...UNMARKED,
  };
}

/**
 * @param {Peer} peer
 * @returns {Tile[]}
 */
function screenTiles(peer) {
  if (!peer.presence.screen) {
    return [];
  }
  const tile = cameraTile(peer);
  const videoTrack = peer.tracks.screen;
  return [{ ...tile, key: `${peer.id}:screen`, source: 'screen', videoTrack, hand: false }];
}

/**
 * @param {CallState} state
 * @returns {Tile}
 */
function selfTile({ self }) {
  const video = self.presence.video && self.devices.video;
  return {
    key: `${SELF}:camera`,
    peerId: null,
    source: 'camera',
    name: self.name || 'You',
    videoTrack: video ? SELF : null,
    muted: !self.presence.audio,
    cameraOff: !self.presence.video,
    hand: self.presence.hand,
    away: false,
    link: null,
    ...UNMARKED,
  };
}

/**
 * @param {CallState} state
 * @returns {Tile[]}
 */
function selfScreen(state) {
  if (!state.self.devices.screen) {
    return [];
  }
  const tile = selfTile(state);
  return [{ ...tile, key: `${SELF}:screen`, source: 'screen', videoTrack: SELF, hand: false }];
}

/**
 * @param {CallState} state
 * @returns {Person[]} Raised hands first, then this page's own, then the others by order.
 */
export function people(state) {
  const { hands, view } = state;
  /** @param {string} id */
  const marks = (id) => ({ hand: hands.indexOf(id) + 1, speaking: view.speaking.includes(id) });
  const self = {
    key: SELF,
    peerId: null,
    name: state.self.name || 'You',
    owner: state.self.role === 'owner',
    presence: state.self.presence,
    away: false,
    link: null,
    ...marks(SELF),
  };
  const others = state.peers.map((peer) => ({
    key: peer.id,
    peerId: peer.id,
    name: peer.name,
    owner: peer.role === 'owner',
    presence: peer.presence,
    away: peer.state === 'away',
    link: peer.link,
    ...marks(peer.id),
  }));
  const all = [self, ...others];
  const raised = all.filter((person) => person.hand > 0).sort((a, b) => a.hand - b.hand);
  return [...raised, ...all.filter((person) => person.hand === 0)];
}

/**
 * @param {CallState} state
 * @returns {boolean}
 */
export function isOwner(state) {
  return state.self.role === 'owner';
}

/**
 * What the lobby says of who is there.
 *
 * @param {CallState} state
 * @returns {string}
 */
export function whoIsThere(state) {
  const names = state.peers.filter((peer) => peer.state === 'here').map((peer) => peer.name);
  const [first, second] = names;
  if (state.room.admission === 'locked') {
    return 'This channel is locked. Nobody new comes in until the owner unlocks it.';
  }
  if (state.room.admission === 'ask') {
    return 'You will ask to be let in; the owner answers.';
  }
  if (state.room.epoch === null) {
    return '';
  }
  if (first === undefined) {
    return state.peers.length === 0
      ? 'Nobody is here yet.'
      : `${list(state.peers)} lost the connection and may come back.`;
  }
  if (second === undefined) {
    return `${first} is here.`;
  }
  const rest = names.length - 2;
  return rest === 0
    ? `${first} and ${second} are here.`
    : `${first}, ${second} and ${rest} more are here.`;
}
