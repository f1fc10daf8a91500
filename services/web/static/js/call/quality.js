/**
 * What a person should be told about their links: pure. How good each one is, the mesh
 * says; here that is put into words, once for all places.
 *
 * @typedef {import('./types.js').CallState} CallState
 * @typedef {import('./types.js').Link} Link
 * @typedef {import('./types.js').Quality} Quality
 */

/** @type {Set<Quality | null>} */
const BAD = new Set(['poor', 'lost']);

/**
 * @param {Link} link
 * @returns {Quality | null} Null: nothing is known yet.
 */
export function qualityOf({ quality }) {
  return quality ?? null;
}

/** @type {Record<Quality, string>} */
export const QUALITY_WORDS = {
  good: 'Good connection',
  fair: 'Fair connection',
  poor: 'Weak connection',
  lost: 'Interrupted',
};

/**
 * @typedef {object} Trouble
 * @property {'offline' | 'server' | 'unreachable' | 'weak' | 'own'} kind
 * @property {string} text One or two sentences: what is wrong, and what is being done.
 */

/**
 * @param {CallState} state
 * @param {{ relay: boolean }} site Whether the server has one.
 * @returns {Trouble | null} The worst; nobody reads two.
 */
export function trouble(state, { relay }) {
  if (state.phase.name !== 'joined') {
    return null;
  }
  if (state.status === 'offline') {
    const text = 'You are offline. Traverse joins you again as soon as a network is there.';
    return { kind: 'offline', text };
  }
  return linkTrouble(state, relay) ?? serverTrouble(state);
}

/**
 * @param {CallState} state
 * @param {boolean} relay
 * @returns {Trouble | null}
 */
function linkTrouble({ peers, self }, relay) {
  const here = peers.filter((peer) => !peer.absent && peer.state === 'here');
  const failed = here.filter((peer) => peer.link.state === 'failed');
  if (failed.length > 0) {
    const text = relay
      ? `No connection to ${list(failed)}. Traverse keeps trying; another network often helps.`
      : `No connection to ${list(failed)}. This server has no relay, so only another network helps.`;
    return { kind: 'unreachable', text };
  }
  const linked = here.filter((peer) => qualityOf(peer.link) !== null);
  const weak = linked.filter(({ link }) => BAD.has(qualityOf(link)));
  if (weak.length === 0) {
    return null;
  }
  // The one end that all weak links share is this page's own.
  const own = weak.length > 1 && weak.length === linked.length;
  const others =
    weak.length === 1
      ? `The connection to ${list(weak)} is`
      : `The connections to ${list(weak)} are`;
  const whose = own ? 'Your connection is' : others;
  return { kind: own ? 'own' : 'weak', text: `${whose} weak. ${remedy(weak, self)}` };
}

/**
 * @param {readonly import('./types.js').Peer[]} weak
 * @param {import('./types.js').Self} self
 * @returns {string}
 */
function remedy(weak, self) {
  if (weak.some((peer) => peer.link.state === 'reconnecting')) {
    return 'Traverse is looking for another way.';
  }
  const sends = self.presence.video || self.presence.screen;
  const actions = new Set(weak.map((peer) => peer.link.action ?? null));
  if (sends && actions.has('audio-only')) {
    return 'Your picture pauses so that the voices stay clear.';
  }
  if (sends && actions.has('less-video')) {
    return 'Your picture is smaller so that the voices stay clear.';
  }
  const shown = weak.some(({ presence }) => presence.video || presence.screen);
  return sends || shown ? 'Voices go first; pictures may stutter.' : 'Voices may break up.';
}

/**
 * @param {CallState} state
 * @returns {Trouble | null}
 */
function serverTrouble({ status }) {
  const text = 'The server is away. The call goes on; nobody can join until it is back.';
  return status === 'reconnecting' ? { kind: 'server', text } : null;
}

/**
 * @param {readonly { name: string }[]} people
 * @returns {string} "Ana", "Ana and Bob", "Ana, Bob and 3 more".
 */
export function list(people) {
  const [first, second] = people;
  if (first === undefined) {
    return 'nobody';
  }
  if (second === undefined) {
    return first.name;
  }
  const rest = people.length - 2;
  return rest === 0
    ? `${first.name} and ${second.name}`
    : `${first.name}, ${second.name} and ${rest} more`;
}
