import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAT_ENTRIES } from '../../../services/web/static/js/call/chat-log.js';
import { initialState, reduce } from '../../../services/web/static/js/call/state.js';
import {
  ANA,
  after,
  BOB,
  fromServer,
  inCall,
  inLobby,
  listed,
  ME,
  NOW,
  noticed,
  roomState,
  said,
  welcome,
} from './support.js';

/** @typedef {import('../../../services/web/static/js/call/types.js').CallState} CallState */

const ended = () => after([{ type: 'call.left' }], inCall());
const connecting = () => after([{ type: 'join.asked', name: 'Me' }], inLobby());
const waiting = () => after([fromServer({ type: 'room.waiting' })], connecting());

/** @type {Record<string, () => CallState>} */
const PHASES = {
  setup: () => inLobby(),
  connecting,
  waiting,
  joined: () => inCall(listed(ANA)),
  ended,
};

/** @type {Record<string, any>} One of every message of the server, and one of a newer server. */
const MESSAGES = {
  welcome: welcome(),
  seat: { type: 'seat', seat_token: 'seat-2', order: 5 },
  'room.state': roomState([listed(ANA)], { rev: 9 }),
  'room.waiting': { type: 'room.waiting' },
  'room.knock': { type: 'room.knock', peer_id: BOB, name: 'Bob' },
  'peer.description': { type: 'peer.description', from: ANA, seq: 1, kind: 'offer', sdp: 'v=0' },
  'peer.candidates': { type: 'peer.candidates', from: ANA, seq: 1, candidates: [] },
  'chat.message': { type: 'chat.message', from: ANA, seq: 1, message_id: '1', text: 'hello' },
  'peer.gone': { type: 'peer.gone', peer_id: ANA, reason: 'left' },
  'ice.servers': { type: 'ice.servers', ice_servers: [], ice_expires_at: null },
  ask_mute: { type: 'ask_mute', from: ANA },
  ack: { type: 'ack', re: 'r1' },
  error: { type: 'error', code: 'rate_limited', message: '' },
  pong: { type: 'pong', t: 1, server_time: 1 },
  bye: { type: 'bye', code: 'removed', action: 'stop', message: '' },
  'from.the.future': { type: 'from.the.future', anything: [1] },
};

/** The phase that each message leads to from each phase, where it is another one. */
/** @type {Record<string, Record<string, string>>} */
const LEADS = { 'room.waiting': { connecting: 'waiting' } };

for (const [phase, build] of Object.entries(PHASES)) {
  for (const [type, message] of Object.entries(MESSAGES)) {
    test(`${type} in phase ${phase} leaves a sound state in the right phase`, () => {
      const before = build();
      const frozen = structuredClone(before);
      const state = reduce(before, fromServer(message));
      assert.equal(state.phase.name, LEADS[type]?.[phase] ?? phase);
      assert.deepEqual(before, frozen, 'the state before was changed');
      assert.ok(state.peers.every((peer) => peer.id !== ME));
      assert.ok(state.nextId >= before.nextId);
    });
  }
}

for (const type of [
  'peer.description',
  'peer.candidates',
  'chat.message',
  'ice.servers',
  'ack',
  'pong',
  'bye',
  'from.the.future',
]) {
  test(`${type} changes nothing: it belongs to others`, () => {
    const before = inCall(listed(ANA));
    assert.equal(reduce(before, fromServer(MESSAGES[type])), before);
  });
}

test('an action that nobody knows changes nothing', () => {
  const before = inCall();
  assert.equal(reduce(before, /** @type {any} */ ({ type: 'unheard.of' })), before);
});

test('nothing a server says changes a call that has ended', () => {
  const before = ended();
  for (const message of Object.values(MESSAGES)) {
    assert.equal(reduce(before, fromServer(message)), before);
  }
});

test('asking to join leads to connecting and, with a place in the roster, into the call', () => {
  const asked = connecting();
  assert.equal(asked.phase.name, 'connecting');
  const state = reduce(asked, fromServer(roomState([listed(ME)], { rev: 2 })));
  assert.deepEqual(state.phase, { name: 'joined', since: NOW });
  assert.deepEqual(said(state), ['you_joined']);
});

test('a place in the roster without having asked stays in the lobby', () => {
  const state = reduce(inLobby(), fromServer(roomState([listed(ME)], { rev: 2 })));
  assert.equal(state.phase.name, 'setup');
});

test('asking twice is asking once', () => {
  const asked = connecting();
  assert.equal(reduce(asked, { type: 'join.asked', name: 'Other' }), asked);
});

test('being let in after waiting leads into the call', () => {
  const state = reduce(waiting(), fromServer(roomState([listed(ME)], { rev: 2 })));
  assert.equal(state.phase.name, 'joined');
  assert.deepEqual(said(state), ['waiting', 'you_joined']);
});

test('a join can be taken back while connecting and while waiting, not from the call', () => {
  assert.equal(after([{ type: 'join.withdrawn' }], connecting()).phase.name, 'setup');
  assert.equal(after([{ type: 'join.withdrawn' }], waiting()).phase.name, 'setup');
  const joined = inCall();
  assert.equal(reduce(joined, { type: 'join.withdrawn' }), joined);
});

for (const code of ['room_locked', 'room_full', 'name_required', 'name_invalid']) {
  test(`${code} while entering leads back to the lobby with a notice`, () => {
    const state = after([fromServer({ type: 'error', code, message: '' })], connecting());
    assert.equal(state.phase.name, 'setup');
    assert.deepEqual(noticed(state), [code]);
    assert.deepEqual(noticed(after([{ type: 'join.asked', name: 'Me' }], state)), []);
  });

  test(`${code} after the place was lost ends the call with that reason`, () => {
    const state = after([fromServer({ type: 'error', code, message: '' })], inCall());
    assert.deepEqual(state.phase, { name: 'ended', code });
  });
}

for (const code of ['already_joined', 'not_joined', 'peer_gone', 'unknown_type']) {
  test(`${code} is kept from the person: the page heals it`, () => {
    const before = inCall();
    assert.equal(reduce(before, fromServer({ type: 'error', code, message: '' })), before);
  });
}

test('an error is shown once, however often it comes', () => {
  const error = fromServer({ type: 'error', code: 'rate_limited', message: '' });
  assert.deepEqual(noticed(after([error, error, error], inCall())), ['rate_limited']);
});

test('at most four notices stand; the oldest gives way', () => {
  const codes = ['camera_denied', 'copy_failed', 'internal', 'rate_limited', 'not_owner'];
  const state = after(
    codes.map((code) => ({ type: 'notice', code })),
    inCall(),
  );
  assert.deepEqual(noticed(state), codes.slice(1));
});

test('a notice is dismissed by its id and settled by its code', () => {
  const two = after(
    [
      { type: 'notice', code: 'internal' },
      { type: 'notice', code: 'not_owner' },
    ],
    inCall(),
  );
  const [first] = two.notices;
  assert.deepEqual(noticed(after([{ type: 'notice.dismissed', id: first?.id ?? 0 }], two)), [
    'not_owner',
  ]);
  assert.deepEqual(noticed(after([{ type: 'notice.settled', codes: ['not_owner'] }], two)), [
    'internal',
  ]);
  assert.equal(reduce(two, { type: 'notice.settled', codes: ['other'] }), two);
});

test('welcome says who this page is and what stands between it and the room', () => {
  const state = after([
    fromServer(welcome({ admission: 'ask', role: 'owner', order: 4, name: 'Zoë' })),
  ]);
  assert.equal(state.room.admission, 'ask');
  assert.deepEqual(
    {
      peerId: state.self.peerId,
      role: state.self.role,
      order: state.self.order,
      name: state.self.name,
    },
    { peerId: ME, role: 'owner', order: 4, name: 'Zoë' },
  );
});

test('the lobby follows the door: who is there, locked, ask first, and open again', () => {
  const door = (/** @type {number} */ rev, /** @type {object} */ fields) =>
    fromServer(roomState([], { rev, ...fields }));
  let state = inLobby(listed(ANA));
  state = reduce(state, door(2, { admission: 'locked', locked: true, room_name: 'Renamed' }));
  assert.deepEqual(
    [state.room.admission, state.room.locked, state.room.name, state.peers],
    ['locked', true, 'Renamed', []],
  );
  state = reduce(state, door(3, { admission: 'ask' }));
  assert.deepEqual([state.room.admission, state.room.locked], ['ask', false]);
  state = reduce(state, door(4, { admission: 'open' }));
  assert.equal(state.room.admission, 'open');
});

test('a link made ready in the lobby keeps nobody there who is shown no more', () => {
  const link = { path: null, rttMs: null, loss: null };
  const state = after(
    [
      { type: 'link', peerId: ANA, link: { ...link, state: 'connecting' } },
      fromServer(roomState([], { rev: 2, admission: 'locked', locked: true })),
      { type: 'link', peerId: ANA, link: { ...link, state: 'closed' } },
    ],
    inLobby(listed(ANA)),
  );
  assert.deepEqual([state.peers, said(state)], [[], []]);
});

test('the owner of a locked room is not told that the door is shut', () => {
  const message = roomState([], { rev: 2, locked: true, admission: 'open' });
  const { room } = reduce(inLobby(), fromServer(message));
  assert.deepEqual([room.locked, room.admission], [true, 'open']);
});

test('a welcome that does not resume forgets the roster revision; one that does keeps it', () => {
  const before = inCall();
  assert.equal(after([fromServer(welcome({ resumed: true }))], before).room.rev, 2);
  assert.equal(after([fromServer(welcome({ resumed: false }))], before).room.epoch, null);
});

test('a seat gives the order', () => {
  assert.equal(after([fromServer(MESSAGES.seat)], inCall()).self.order, 5);
});

test('the status follows the socket, and the network when there is none', () => {
  const online = inCall();
  assert.equal(online.status, 'online');
  const lost = reduce(online, { type: 'signaling.status', status: 'reconnecting' });
  assert.deepEqual([lost.status, lost.welcomed], ['reconnecting', false]);
  const offline = reduce(lost, { type: 'network', online: false });
  assert.equal(offline.status, 'offline');
  const again = reduce(offline, { type: 'network', online: true });
  assert.equal(again.status, 'reconnecting');
  assert.equal(reduce(again, { type: 'signaling.status', status: 'online' }).status, 'online');
});

test('a network that comes back while the socket never fell is online at once', () => {
  const away = reduce(inCall(), { type: 'network', online: false });
  assert.equal(away.status, 'offline');
  assert.deepEqual(
    [reduce(away, { type: 'network', online: true }).status, away.welcomed],
    ['online', true],
  );
});

test('the same status twice changes nothing', () => {
  const before = inCall();
  assert.equal(reduce(before, { type: 'signaling.status', status: 'online' }), before);
  assert.equal(reduce(before, { type: 'network', online: true }), before);
});

test('a lost connection is said in a call and not in the lobby', () => {
  const lost = /** @type {const} */ ({ type: 'signaling.status', status: 'reconnecting' });
  assert.ok(said(reduce(inCall(), lost)).includes('status_reconnecting'));
  assert.deepEqual(said(reduce(inLobby(), lost)), []);
});

test('the lost connection keeps the people in the call', () => {
  const lost = reduce(inCall(listed(ANA)), { type: 'signaling.status', status: 'reconnecting' });
  assert.deepEqual([lost.phase.name, lost.peers.length], ['joined', 1]);
});

for (const [phase, build] of Object.entries(PHASES)) {
  test(`a stopped connection ends a call in phase ${phase} once, with its code`, () => {
    const state = after(
      [
        { type: 'signaling.stopped', code: 'removed' },
        { type: 'signaling.stopped', code: 'replaced' },
      ],
      build(),
    );
    assert.deepEqual(state.phase, { name: 'ended', code: phase === 'ended' ? 'left' : 'removed' });
  });
}

test('muting is told, said, and answers the owner who asked for it', () => {
  const asked = after([fromServer(MESSAGES.ask_mute)], inCall(listed(ANA)));
  assert.deepEqual(noticed(asked), ['asked_to_mute']);
  assert.equal(asked.notices[0]?.name, 'ana');
  const muted = reduce(asked, { type: 'self.presence', patch: { audio: false } });
  assert.equal(muted.self.presence.audio, false);
  assert.deepEqual(noticed(muted), []);
  assert.ok(said(muted).includes('self_audio_off'));
});

test('who is muted already is not asked to mute', () => {
  const muted = after([{ type: 'self.presence', patch: { audio: false } }], inCall(listed(ANA)));
  assert.equal(reduce(muted, fromServer(MESSAGES.ask_mute)), muted);
});

test('presence that is as it was changes nothing', () => {
  const before = inCall();
  assert.equal(
    reduce(before, { type: 'self.presence', patch: { audio: true, hand: false } }),
    before,
  );
});

test('a chat message is kept once, counted while unseen, and said', () => {
  const message = /** @type {const} */ ({
    type: 'chat.received',
    peerId: ANA,
    messageId: 'm1',
    text: ' hi\u202e ',
    at: NOW,
  });
  const state = after([message, message], inCall(listed(ANA)));
  assert.deepEqual(
    state.chat.entries.map(({ name, text, mine }) => ({ name, text, mine })),
    [{ name: 'ana', text: 'hi', mine: false }],
  );
  assert.equal(state.chat.unread, 1);
  assert.ok(said(state).includes('chat'));
  assert.equal(reduce(state, { type: 'panel', panel: 'chat' }).chat.unread, 0);
});

test('the same message id from two people is two messages', () => {
  const from = (/** @type {string} */ peerId) =>
    /** @type {const} */ ({ type: 'chat.received', peerId, messageId: 'm1', text: 'hi', at: NOW });
  assert.equal(
    after([from(ANA), from(BOB)], inCall(listed(ANA), listed(BOB))).chat.entries.length,
    2,
  );
});

test('chat of strangers and chat without anything visible are dropped', () => {
  const before = inCall(listed(ANA));
  const stranger = /** @type {const} */ ({
    type: 'chat.received',
    peerId: BOB,
    messageId: 'm1',
    text: 'hi',
    at: NOW,
  });
  assert.equal(reduce(before, stranger), before);
  assert.equal(reduce(before, { ...stranger, peerId: ANA, text: '\u200b\u202e \n' }), before);
});

test('messages read as they come are not counted as unread', () => {
  const open = after([{ type: 'panel', panel: 'chat' }], inCall(listed(ANA)));
  const state = reduce(open, {
    type: 'chat.received',
    peerId: ANA,
    messageId: 'm1',
    text: 'hi',
    at: NOW,
  });
  assert.equal(state.chat.unread, 0);
});

test('a name in an old message stays as it was when it came', () => {
  const chat = after(
    [{ type: 'chat.received', peerId: ANA, messageId: 'm1', text: 'hi', at: NOW }],
    inCall(listed(ANA)),
  );
  const renamed = reduce(
    chat,
    fromServer(roomState([listed(ANA, { name: 'Eve' }), listed(ME)], { rev: 3 })),
  );
  assert.equal(renamed.chat.entries[0]?.name, 'ana');
});

test('the chat keeps a bounded number of entries', () => {
  const sent = Array.from(
    { length: CHAT_ENTRIES + 5 },
    (_, index) =>
      /** @type {const} */ ({ type: 'chat.sent', messageId: String(index), text: 'x', at: NOW }),
  );
  const { chat } = after(sent, inCall());
  assert.equal(chat.entries.length, CHAT_ENTRIES);
  assert.deepEqual([chat.entries[0]?.key, chat.unread], ['self:5', 0]);
});

test('a refused sound is asked for once', () => {
  const blocked = reduce(inCall(), { type: 'sound', blocked: true });
  assert.equal(blocked.soundBlocked, true);
  assert.equal(reduce(blocked, { type: 'sound', blocked: true }), blocked);
});

test('names are cleaned at the door', () => {
  const state = initialState({ roomName: 'Team', name: '  Eve\u202e\u200b  ', role: 'guest' });
  assert.equal(state.self.name, 'Eve');
});
