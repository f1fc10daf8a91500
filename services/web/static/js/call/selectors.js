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
 * @property {Link | null} link Null: this page's own.
 *
 * @typedef {object} Person
 * @property {string} key
 * @property {string | null} peerId
 * @property {string} name
 * @property {boolean} owner
 * @property {import('./types.js').Presence} presence
 * @property {boolean} away
 * @property {Link | null} link
 */

/** Marks this page's own tracks, which have no peer. */
export const SELF = 'self';

/**
 * @param {CallState} state
 * @returns {Tile[]} Shared screens first, then people by order, then this page's own.
 */
export function tiles(state) {
  const people = [...state.peers.map(cameraTile), selfTile(state)];
  return [...state.peers.flatMap(screenTiles), ...selfScreen(state), ...people];
}

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
 * @returns {Person[]} This page's own first, then the others by order.
 */
export function people(state) {
  const self = {
    key: SELF,
    peerId: null,
    name: state.self.name || 'You',
    owner: state.self.role === 'owner',
    presence: state.self.presence,
    away: false,
    link: null,
  };
  const others = state.peers.map((peer) => ({
    key: peer.id,
    peerId: peer.id,
    name: peer.name,
    owner: peer.role === 'owner',
    presence: peer.presence,
    away: peer.state === 'away',
    link: peer.link,
  }));
  return [self, ...others];
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
  const names = state.peers.map((peer) => peer.name);
  const [first, second] = names;
  if (state.room.admission === 'ask') {
    return 'The owner lets people in one by one.';
  }
  if (state.room.epoch === null) {
    return '';
  }
  if (first === undefined) {
    return 'Nobody is here yet.';
  }
  if (second === undefined) {
    return `${first} is here.`;
  }
  const rest = names.length - 2;
  return rest === 0
    ? `${first} and ${second} are here.`
    : `${first}, ${second} and ${rest} more are here.`;
}
