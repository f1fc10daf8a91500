import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialState, reduce } from '../../../services/web/static/js/call/state.js';
import { Store } from '../../../services/web/static/js/call/store.js';
import { listenToVoice } from '../../../services/web/static/js/call/voice.js';
import { LevelMeter } from '../../../services/web/static/js/rtc/level.js';
import { FakeClock } from '../fakes/clock.js';
import { FakeTrack } from '../fakes/media.js';
import { inCall, said } from './support.js';

function bench({ state = inCall() } = {}) {
  const clock = new FakeClock();
  const track = new FakeTrack('audio');
  const voice = { amplitude: 0, open: 0 };
  const abort = new AbortController();
  const store = new Store(reduce, state);
  listenToVoice({
    store,
    microphone: () => /** @type {any} */ (track),
    meter: new LevelMeter({
      timers: clock,
      createSource: () => {
        voice.open += 1;
        return {
          read: () => voice.amplitude,
          close: () => {
            voice.open -= 1;
          },
        };
      },
    }),
    signal: abort.signal,
  });
  const present = (/** @type {boolean} */ audio) =>
    store.dispatch({ type: 'self.presence', patch: { audio } });
  return { clock, store, voice, abort, present, track };
}

test('who speaks while muted is told, and no longer once unmuted', async () => {
  const { clock, store, voice, present } = bench();
  present(false);
  voice.amplitude = 0.2;
  await clock.advance(600);
  assert.equal(store.state.self.mutedSpeech, true);
  assert.equal(said(store.state).at(-1), 'muted_speech');
  present(true);
  await clock.advance(100);
  assert.equal(store.state.self.mutedSpeech, false);
});

test('who speaks and then mutes is not told', async () => {
  const { clock, store, voice, present } = bench();
  voice.amplitude = 0.2;
  await clock.advance(2000);
  voice.amplitude = 0;
  present(false);
  await clock.advance(3000);
  assert.ok(!said(store.state).includes('muted_speech'));
});

test('the hint is spoken once for each time of being muted', async () => {
  const { clock, store, voice, present } = bench();
  const spoken = () => said(store.state).filter((code) => code === 'muted_speech').length;
  for (const times of [1, 2]) {
    present(true);
    present(false);
    for (let words = 0; words < 3; words += 1) {
      voice.amplitude = 0.2;
      await clock.advance(600);
      voice.amplitude = 0;
      await clock.advance(5000);
    }
    assert.equal(spoken(), times);
  }
});

test('nobody is told anything in the lobby', async () => {
  const state = initialState({ roomName: 'Team', name: 'Me', role: 'member' });
  const { clock, store, voice, present } = bench({ state });
  present(false);
  voice.amplitude = 0.2;
  await clock.advance(2000);
  assert.equal(store.state.self.mutedSpeech, false);
});

test('the copy of the microphone ends with the call, and with the page', async () => {
  const ended = bench();
  ended.store.dispatch({ type: 'call.left' });
  assert.equal(ended.voice.open, 0);
  const left = bench();
  left.abort.abort();
  assert.deepEqual([left.voice.open, left.clock.pending], [0, 0]);
  assert.equal(left.track.copies[0]?.readyState, 'ended');
});
