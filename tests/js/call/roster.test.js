import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduce } from '../../../services/web/static/js/call/state.js';
import {
  ANA,
  after,
  BOB,
  fromServer,
  inCall,
  inLobby,
  listed,
  ME,
  roomState,
  said,
} from './support.js';

const CONNECTED = /** @type {const} */ ({ state: 'connected', path: 'host', rttMs: 12, loss: 0 });

/** @param {string} peerId @param {any} [link] @returns {any} */
const linked = (peerId, link = CONNECTED) => ({ type: 'link', peerId, link });
/** @param {any} state @returns {string[]} */
const ids = (state) => state.peers.map((/** @type {{ id: string }} */ peer) => peer.id);
const me = listed(ME, { order: 50 });

test('an older roster, and the same again, change nothing', () => {
  const before = inCall(listed(ANA));
  assert.equal(reduce(before, fromServer(roomState([], { rev: 1 }))), before);
  assert.equal(reduce(before, fromServer(roomState([], { rev: 2 }))), before);
});

test('a new epoch is news whatever its revision', () => {
  const state = reduce(
    inCall(listed(ANA)),
    fromServer(roomState([me], { epoch: 'other', rev: 0 })),
  );
  assert.deepEqual([state.room.epoch, state.room.rev, ids(state)], ['other', 0, []]);
});

test('people stand in the order of their seats', () => {
  const state = inCall(listed(ANA, { order: 9 }), listed(BOB, { order: 3 }));
  assert.deepEqual(ids(state), [BOB, ANA]);
});

test('somebody missing from the roster stays as away while the link lives', () => {
  const connected = after([linked(ANA)], inCall(listed(ANA)));
  const missing = reduce(connected, fromServer(roomState([me], { rev: 3 })));
  assert.deepEqual(
    [ids(missing), missing.peers[0]?.state, missing.peers[0]?.listed],
    [[ANA], 'away', false],
  );
  assert.ok(!said(missing).includes('peer_left'));
  const closed = reduce(
    missing,
    linked(ANA, { state: 'closed', path: null, rttMs: null, loss: null }),
  );
  assert.deepEqual(ids(closed), []);
  assert.ok(said(closed).includes('peer_left'));
});

test('somebody missing who has no link is gone at once', () => {
  const state = reduce(inCall(listed(ANA)), fromServer(roomState([me], { rev: 3 })));
  assert.deepEqual(ids(state), []);
  assert.ok(said(state).includes('peer_left'));
});

test('somebody missing comes back with link and tracks as they were', () => {
  const track = /** @type {const} */ ({
    type: 'track',
    peerId: ANA,
    source: 'camera',
    trackId: 't1',
  });
  const missing = after(
    [linked(ANA), track, fromServer(roomState([me], { rev: 3 }))],
    inCall(listed(ANA)),
  );
  const back = reduce(missing, fromServer(roomState([me, listed(ANA)], { rev: 4 })));
  assert.deepEqual(
    [
      back.peers[0]?.state,
      back.peers[0]?.listed,
      back.peers[0]?.link,
      back.peers[0]?.tracks.camera,
    ],
    ['here', true, CONNECTED, 't1'],
  );
});

for (const [reason, word] of /** @type {const} */ ([
  ['left', 'peer_left'],
  ['expired', 'peer_left'],
  ['removed', 'peer_removed'],
])) {
  test(`peer.gone ${reason} takes somebody away at once, link or not`, () => {
    const state = after(
      [linked(ANA), fromServer({ type: 'peer.gone', peer_id: ANA, reason })],
      inCall(listed(ANA)),
    );
    assert.deepEqual(ids(state), []);
    assert.ok(said(state).includes(word));
  });
}

test('a reload in the same seat is neither a coming nor a going', () => {
  const before = inCall(listed(ANA, { seat_id: 'seat' }));
  const gone = reduce(before, fromServer({ type: 'peer.gone', peer_id: ANA, reason: 'replaced' }));
  const back = reduce(
    gone,
    fromServer(roomState([me, listed(BOB, { seat_id: 'seat' })], { rev: 3 })),
  );
  assert.deepEqual(said(back), said(before));
  assert.deepEqual([ids(back), back.returning], [[BOB], []]);
});

test('a reload whose roster comes before its peer.gone leaves one tile', () => {
  const before = after([linked(ANA)], inCall(listed(ANA, { seat_id: 'seat' })));
  const state = reduce(
    before,
    fromServer(roomState([me, listed(BOB, { seat_id: 'seat' })], { rev: 3 })),
  );
  assert.deepEqual(ids(state), [BOB]);
  const same = reduce(state, fromServer({ type: 'peer.gone', peer_id: ANA, reason: 'replaced' }));
  assert.equal(same, state);
});

test('peer.gone of a stranger changes nothing', () => {
  const before = inCall(listed(ANA));
  assert.equal(
    reduce(before, fromServer({ type: 'peer.gone', peer_id: BOB, reason: 'left' })),
    before,
  );
});

test('of two presences the higher revision wins, whichever way it came', () => {
  const muted = { audio: false, video: true, screen: false, hand: false };
  const overLink = /** @type {const} */ ({
    type: 'peer.presence',
    peerId: ANA,
    revision: 5,
    presence: muted,
  });
  const state = after(
    [overLink, fromServer(roomState([me, listed(ANA, { revision: 4 })], { rev: 3 }))],
    inCall(listed(ANA)),
  );
  assert.equal(state.peers[0]?.presence.audio, false);
  const newer = reduce(
    state,
    fromServer(roomState([me, listed(ANA, { revision: 6 })], { rev: 4 })),
  );
  assert.equal(newer.peers[0]?.presence.audio, true);
  assert.equal(reduce(newer, overLink), newer);
});

test('a raised hand is said once, over a link or by the roster', () => {
  const up = { audio: true, video: true, screen: false, hand: true };
  const overLink = reduce(inCall(listed(ANA)), {
    type: 'peer.presence',
    peerId: ANA,
    revision: 1,
    presence: up,
  });
  const state = reduce(
    overLink,
    fromServer(roomState([me, listed(ANA, { hand: true, revision: 1 })], { rev: 3 })),
  );
  assert.equal(said(state).filter((code) => code === 'hand_raised').length, 1);
  const byRoster = reduce(
    inCall(listed(ANA)),
    fromServer(roomState([me, listed(ANA, { hand: true, revision: 1 })], { rev: 3 })),
  );
  assert.ok(said(byRoster).includes('hand_raised'));
});

test('nobody is announced while this page is in the lobby', () => {
  const state = after(
    [
      fromServer(roomState([listed(ANA), listed(BOB)], { rev: 3 })),
      fromServer({ type: 'peer.gone', peer_id: ANA, reason: 'left' }),
    ],
    inLobby(),
  );
  assert.deepEqual(said(state), []);
});

test('a newcomer is announced by name', () => {
  const state = reduce(
    inCall(),
    fromServer(roomState([me, listed(ANA, { name: 'Ana' })], { rev: 3 })),
  );
  assert.deepEqual(state.announcements.at(-1), {
    id: state.nextId - 1,
    code: 'peer_joined',
    name: 'Ana',
    text: null,
  });
});

test('names are shown without what hides or reorders; a name of nothing becomes Guest', () => {
  const state = inCall(
    listed(ANA, { name: '<b>A\u202e\u200bna</b>' }),
    listed(BOB, { name: '\u200b\u2066', order: 2 }),
  );
  assert.deepEqual(
    state.peers.map((peer) => peer.name),
    ['<b>Ana</b>', 'Guest'],
  );
});

test('knocks are kept once each and follow the roster', () => {
  const knock = fromServer({ type: 'room.knock', peer_id: BOB, name: 'Bob' });
  const asked = after([knock, knock], inCall());
  assert.deepEqual(asked.waiting, [{ peerId: BOB, name: 'Bob' }]);
  assert.equal(said(asked).filter((code) => code === 'knock').length, 1);
  const told = reduce(
    asked,
    fromServer(roomState([me], { rev: 3, waiting: [{ peer_id: BOB, name: 'Bob' }] })),
  );
  assert.equal(said(told).filter((code) => code === 'knock').length, 1);
  assert.deepEqual(reduce(told, { type: 'knock.answered', peerId: BOB }).waiting, []);
  assert.deepEqual(reduce(told, fromServer(roomState([me], { rev: 4 }))).waiting, []);
});

test('a link that fails or is interrupted is said once per change', () => {
  const state = after(
    [
      linked(ANA),
      linked(ANA, { ...CONNECTED, state: 'reconnecting' }),
      linked(ANA, { ...CONNECTED, state: 'reconnecting', rttMs: 90 }),
      linked(ANA, { ...CONNECTED, state: 'failed' }),
    ],
    inCall(listed(ANA)),
  );
  assert.deepEqual(said(state).slice(-2), ['link_reconnecting', 'link_failed']);
  assert.equal(state.peers[0]?.link.state, 'failed');
});

test('news of a link or a track of a stranger changes nothing', () => {
  const before = inCall(listed(ANA));
  assert.equal(reduce(before, linked(BOB)), before);
  assert.equal(
    reduce(before, { type: 'track', peerId: BOB, source: 'audio', trackId: 't' }),
    before,
  );
});

test('the lock follows the roster, and an unlocked room can be entered again', () => {
  const locked = reduce(inLobby(), fromServer(roomState([], { rev: 5, locked: true })));
  assert.deepEqual([locked.room.locked, locked.room.admission], [true, 'locked']);
  const refused = after(
    [
      { type: 'join.asked', name: 'Me' },
      fromServer({ type: 'error', code: 'room_locked', message: '' }),
    ],
    locked,
  );
  const unlocked = reduce(refused, fromServer(roomState([], { rev: 6 })));
  assert.deepEqual([unlocked.room.admission, unlocked.notices], ['open', []]);
});
