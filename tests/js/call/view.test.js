import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE_MS, watchAbsentees } from '../../../services/web/static/js/call/absentees.js';
import { qualityOf, trouble } from '../../../services/web/static/js/call/quality.js';
import { people, tiles } from '../../../services/web/static/js/call/selectors.js';
import { watchSpeakers } from '../../../services/web/static/js/call/speaking.js';
import { reduce } from '../../../services/web/static/js/call/state.js';
import { Store } from '../../../services/web/static/js/call/store.js';
import { ANA, after, BOB, fromServer, inCall, listed, ME, roomState, said } from './support.js';

const me = listed(ME, { order: 99 });
/** @param {string} peerId @param {Record<string, unknown>} [link] @returns {any} */
const linked = (peerId, link = {}) => ({
  type: 'link',
  peerId,
  link: { state: 'connected', path: 'host', rttMs: 10, loss: 0, ...link },
});
/** @param {any[]} peers @param {number} rev */
const roster = (peers, rev) => fromServer(roomState([...peers, me], { rev }));
/** @param {any} state */
const shown = (state) => tiles(state).map((/** @type {any} */ tile) => tile.key);

/** A clock by hand. */
function clock() {
  /** @type {Map<number, { at: number, run: () => void }>} */
  const waiting = new Map();
  let now = 0;
  let next = 0;
  return {
    waiting,
    timers: {
      now: () => now,
      set: (/** @type {() => void} */ run, /** @type {number} */ ms) => {
        next += 1;
        waiting.set(next, { at: now + ms, run });
        return next;
      },
      clear: (/** @type {any} */ handle) => waiting.delete(handle),
    },
    advance(/** @type {number} */ ms) {
      now += ms;
      for (const [handle, { at, run }] of [...waiting]) {
        if (at <= now && waiting.delete(handle)) {
          run();
        }
      }
    },
  };
}

test('a pinned tile is the large one; without it the screens are, or who speaks', () => {
  const call = inCall(listed(ANA), listed(BOB, { screen: true }));
  const large = (/** @type {any} */ state) =>
    tiles(state)
      .filter((tile) => tile.large)
      .map((tile) => tile.key);
  assert.deepEqual(large(call), [`${BOB}:screen`]);
  const pinned = reduce(call, { type: 'view.pin', key: `${ANA}:camera` });
  assert.deepEqual(large(pinned), [`${ANA}:camera`]);
  const speaker = after(
    [
      { type: 'view.layout', layout: 'speaker' },
      { type: 'speaking', speaking: [ANA], speaker: ANA },
    ],
    inCall(listed(ANA), listed(BOB)),
  );
  assert.deepEqual(large(speaker), [`${ANA}:camera`]);
});

test('a pin on somebody who left pins nothing, and holds when they are back', () => {
  const pinned = reduce(inCall(listed(ANA), listed(BOB)), {
    type: 'view.pin',
    key: `${BOB}:camera`,
  });
  const without = reduce(pinned, roster([listed(ANA)], 3));
  assert.ok(tiles(without).every((tile) => !tile.large));
  const back = reduce(without, roster([listed(ANA), listed(BOB)], 4));
  assert.ok(tiles(back).some((tile) => tile.large && tile.peerId === BOB));
});

test('the own picture hides only while somebody else is there', () => {
  const hidden = reduce(inCall(listed(ANA)), { type: 'view.self', hidden: true });
  assert.deepEqual(shown(hidden), [`${ANA}:camera`]);
  assert.deepEqual(shown(reduce(hidden, roster([], 3))), ['self:camera']);
});

test('hands stand in the order in which they went up', () => {
  let call = inCall(listed(ANA), listed(BOB));
  call = reduce(call, roster([listed(ANA), listed(BOB, { hand: true, revision: 1 })], 3));
  call = reduce(call, { type: 'self.presence', patch: { hand: true } });
  call = reduce(
    call,
    roster([listed(ANA, { hand: true, revision: 1 }), listed(BOB, { hand: true, revision: 1 })], 4),
  );
  assert.deepEqual(call.hands, [BOB, 'self', ANA]);
  assert.deepEqual(
    people(call).map(({ key, hand }) => [key, hand]),
    [
      [BOB, 1],
      ['self', 2],
      [ANA, 3],
    ],
  );
  call = reduce(
    call,
    roster([listed(ANA, { hand: true, revision: 1 }), listed(BOB, { revision: 2 })], 5),
  );
  assert.deepEqual(call.hands, ['self', ANA]);
});

test('away with a dead link for ten seconds leaves the stage, stays in the list, comes back', () => {
  const { timers, advance, waiting } = clock();
  const abort = new AbortController();
  const store = new Store(reduce, inCall(listed(ANA)));
  watchAbsentees(store, { signal: abort.signal, timers });
  store.dispatch(linked(ANA));
  store.dispatch(roster([listed(ANA, { state: 'away' })], 3));
  advance(PATIENCE_MS * 2);
  assert.ok(shown(store.state).includes(`${ANA}:camera`), 'the link lives');
  store.dispatch(linked(ANA, { state: 'reconnecting' }));
  advance(PATIENCE_MS - 1);
  assert.ok(shown(store.state).includes(`${ANA}:camera`));
  advance(1);
  assert.deepEqual(shown(store.state), ['self:camera']);
  assert.equal(people(store.state).length, 2);
  assert.ok(said(store.state).includes('peer_absent'));
  store.dispatch(roster([listed(ANA)], 4));
  assert.ok(shown(store.state).includes(`${ANA}:camera`));
  assert.ok(said(store.state).includes('peer_back'));
  store.dispatch(roster([listed(ANA, { state: 'away' })], 5));
  assert.equal(waiting.size, 1);
  abort.abort();
  assert.equal(waiting.size, 0);
});

test('nobody is listened to while hidden or alone, and the clock stops with the page', () => {
  const { timers, advance, waiting } = clock();
  const abort = new AbortController();
  const store = new Store(reduce, inCall());
  let asked = 0;
  let visible = true;
  const levels = () => {
    asked += 1;
    return /** @type {[string, number][]} */ ([[ANA, 0.3]]);
  };
  watchSpeakers(store, { levels, visible: () => visible, signal: abort.signal, timers });
  advance(200);
  assert.equal(asked, 0);
  store.dispatch(roster([listed(ANA)], 3));
  for (let step = 0; step < 5; step += 1) {
    advance(200);
  }
  assert.deepEqual(store.state.view.speaking, [ANA]);
  visible = false;
  const before = asked;
  advance(200);
  assert.equal(asked, before);
  abort.abort();
  assert.equal(waiting.size, 0);
});

test('the banner and the mark of a tile come from one judgement', () => {
  const call = after([linked(ANA)], inCall(listed(ANA)));
  const relay = { relay: true };
  for (const [link, banner] of /** @type {[any, boolean][]} */ ([
    [{ quality: 'good', loss: 0.4, rttMs: 900 }, false],
    [{ quality: 'fair', action: 'less-video' }, false],
    [{ quality: 'poor' }, true],
    [{ quality: 'lost', state: 'reconnecting' }, true],
  ])) {
    const state = reduce(call, linked(ANA, link));
    const peer = state.peers[0];
    assert.equal(peer && qualityOf(peer.link), link.quality);
    assert.equal(trouble(state, relay) !== null, banner, link.quality);
  }
});

test('nothing is said of pictures where there are none', () => {
  const audioOnly = { video: false };
  const call = after(
    [
      { type: 'self.presence', patch: audioOnly },
      linked(ANA, { quality: 'poor', action: 'less-video' }),
    ],
    inCall(listed(ANA, audioOnly)),
  );
  assert.doesNotMatch(trouble(call, { relay: true })?.text ?? 'picture', /picture/i);
  const seen = reduce(call, {
    type: 'peer.presence',
    peerId: ANA,
    revision: 9,
    presence: { audio: true, video: true, screen: false, hand: false },
  });
  assert.match(trouble(seen, { relay: true })?.text ?? '', /pictures may stutter/);
});

test('one sentence says whose connection is weak and what is done about it', () => {
  const relay = { relay: true };
  const call = after([linked(ANA), linked(BOB)], inCall(listed(ANA), listed(BOB)));
  assert.equal(trouble(call, relay), null);
  const weak = reduce(call, linked(BOB, { quality: 'poor', action: 'audio-only' }));
  assert.match(
    trouble(weak, relay)?.text ?? '',
    /^The connection to bob is weak\. Your picture pauses/,
  );
  const own = reduce(weak, linked(ANA, { quality: 'poor' }));
  assert.equal(trouble(own, relay)?.kind, 'own');
  const failed = reduce(call, linked(ANA, { state: 'failed' }));
  const offline = reduce(failed, { type: 'network', online: false });
  assert.equal(trouble(offline, relay)?.kind, 'offline');
  const away = reduce(call, { type: 'signaling.status', status: 'reconnecting' });
  assert.equal(trouble(away, relay)?.kind, 'server');
});

test('who cannot be reached is told of a relay only where the server has one', () => {
  const call = after([linked(ANA, { state: 'failed' })], inCall(listed(ANA), listed(BOB)));
  assert.deepEqual(trouble(call, { relay: false }), {
    kind: 'unreachable',
    text: 'No connection to ana. This server has no relay, so only another network helps.',
  });
  assert.deepEqual(trouble(call, { relay: true }), {
    kind: 'unreachable',
    text: 'No connection to ana. Traverse keeps trying; another network often helps.',
  });
});
