import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../../services/web/static/js/call/config.js';
import { people, tiles, whoIsThere } from '../../../services/web/static/js/call/selectors.js';
import { ANA, after, BOB, fromServer, inCall, inLobby, listed, welcome } from './support.js';

const PAGE = new URL('https://call.test/c/slug/?relay');
const RAW = {
  roomId: 'id',
  slug: 'slug',
  wsUrl: '/ws/rooms/id/',
  ticket: 'ticket',
  ticketExpiresAt: '2027-01-15T08:00:00Z',
  ticketUrl: '/ticket',
  name: null,
  needsName: true,
  signedIn: false,
  roomName: 'Team',
  role: 'guest',
  shareUrl: '/c/slug/',
  settingsUrl: null,
  csrfToken: 'csrf',
  turnConfigured: false,
  features: ['a', 5],
};

test('the configuration is parsed once, into absolute addresses', () => {
  const config = parseConfig(RAW, PAGE);
  assert.deepEqual(
    [config.wsUrl, config.ticketUrl, config.shareUrl],
    ['wss://call.test/ws/rooms/id/', 'https://call.test/ticket', 'https://call.test/c/slug/'],
  );
  assert.deepEqual(
    [config.name, config.features, config.relayOnly, config.turnConfigured],
    ['', ['a'], true, false],
  );
});

test('a page without its configuration says which part is missing', () => {
  assert.throws(() => parseConfig({ ...RAW, wsUrl: undefined }, PAGE), /call-config\.wsUrl/);
  assert.throws(() => parseConfig(null, PAGE), TypeError);
});

test('an unknown role has the least rights', () => {
  assert.equal(parseConfig({ ...RAW, role: 'king' }, PAGE).role, 'guest');
});

test('tiles: screens first, then people by order, this page last', () => {
  const state = inCall(listed(ANA, { screen: true }), listed(BOB, { order: 2, video: false }));
  assert.deepEqual(
    tiles(state).map((tile) => tile.key),
    [`${ANA}:screen`, `${ANA}:camera`, `${BOB}:camera`, 'self:camera'],
  );
});

test('a camera that is off shows no track, even while one is there', () => {
  const track = /** @type {const} */ ({
    type: 'track',
    peerId: BOB,
    source: 'camera',
    trackId: 't',
  });
  const [bob] = tiles(after([track], inCall(listed(BOB, { video: false }))));
  assert.deepEqual([bob?.videoTrack, bob?.cameraOff], [null, true]);
});

test('people: this page first, the owner marked', () => {
  const list = people(inCall(listed(ANA, { role: 'owner', state: 'away' })));
  assert.deepEqual(
    list.map(({ peerId, owner, away }) => [peerId, owner, away]),
    [
      [null, false, false],
      [ANA, true, true],
    ],
  );
});

test('the lobby says who is there, or that the owner decides', () => {
  const names = ['Ana', 'Bob', 'Cy', 'Di'].map((name, order) =>
    listed(name.padEnd(22, '0'), { name, order }),
  );
  assert.equal(whoIsThere(inLobby()), 'Nobody is here yet.');
  assert.equal(whoIsThere(inLobby(names[0])), 'Ana is here.');
  assert.equal(whoIsThere(inLobby(names[0], names[1])), 'Ana and Bob are here.');
  assert.equal(whoIsThere(inLobby(...names)), 'Ana, Bob and 2 more are here.');
  const away = listed(ANA, { name: 'Ana', state: 'away' });
  assert.equal(whoIsThere(inLobby(away)), 'Ana lost the connection and may come back.');
  assert.equal(whoIsThere(inLobby(away, names[1])), 'Bob is here.');
  assert.match(whoIsThere(after([fromServer(welcome({ admission: 'ask' }))])), /ask to be let in/);
  assert.match(whoIsThere(after([fromServer(welcome({ admission: 'locked' }))])), /is locked/);
});
