import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LevelMeter, levelSource } from '../../../services/web/static/js/rtc/level.js';
import { FakeClock } from '../fakes/clock.js';
import { FakeTrack } from '../fakes/media.js';

function bench() {
  const clock = new FakeClock();
  const open = new Set();
  const heard = /** @type {(number | null)[]} */ ([]);
  const meter = new LevelMeter({
    timers: clock,
    createSource: (track) => {
      const source = { read: () => 0.5, close: () => open.delete(source), track };
      open.add(source);
      return source;
    },
  });
  meter.on('level', ({ amplitude }) => heard.push(amplitude));
  return { clock, open, heard, meter };
}

/** @returns {any} */
const microphone = () => new FakeTrack('audio');

test('a muted microphone is still heard, through a copy that is on', async () => {
  const { clock, heard, meter } = bench();
  const track = microphone();
  track.enabled = false;
  meter.watch(track);
  await clock.advance(200);
  assert.equal(track.enabled, false);
  assert.equal(track.copies[0].enabled, true);
  assert.deepEqual(heard, [0.5, 0.5, 0.5, 0.5]);
  meter.close();
});

test('another track ends the first copy, no track is silence', async () => {
  const { clock, heard, meter, open } = bench();
  const [one, other] = [microphone(), microphone()];
  meter.watch(one);
  meter.watch(one);
  meter.watch(other);
  assert.deepEqual([one.copies.length, one.copies[0].readyState, open.size], [1, 'ended', 1]);
  assert.equal(one.readyState, 'live');
  meter.watch(null);
  assert.deepEqual([heard.at(-1), open.size, clock.pending], [0, 0, 0]);
  meter.close();
});

test('a closed meter has no copy, no source and no timer', () => {
  const { clock, meter, open } = bench();
  const track = microphone();
  meter.watch(track);
  meter.close();
  assert.deepEqual([track.copies[0].readyState, open.size, clock.pending], ['ended', 0, 0]);
});

test('an audio context sleeps as unknown, is woken by a gesture, and is closed', async () => {
  const calls = /** @type {string[]} */ ([]);
  class FakeContext {
    state = 'suspended';
    createAnalyser = () => ({
      fftSize: 4,
      getFloatTimeDomainData: (/** @type {Float32Array} */ samples) => samples.fill(0.5),
    });
    createMediaStreamSource = () => ({
      connect: () => calls.push('connect'),
      disconnect: () => calls.push('disconnect'),
    });
    resume = async () => {
      calls.push('resume');
      this.state = 'running';
    };
    close = async () => calls.push('close');
  }
  Object.assign(globalThis, { AudioContext: FakeContext, MediaStream: class {} });
  const source = levelSource(microphone());
  assert.equal(source.read(), 0.5);
  source.close();
  assert.deepEqual(calls, ['connect', 'resume', 'disconnect', 'close']);
  Reflect.deleteProperty(globalThis, 'AudioContext');
  Reflect.deleteProperty(globalThis, 'MediaStream');
});

test('a browser that can measure nothing says that it does not know', () => {
  const source = levelSource(microphone());
  assert.equal(source.read(), null);
  source.close();
});

test('samples that the browser hands over are read as the loudest since the last look', async () => {
  const frames = [0.1, 0.4, 0.2];
  let cancelled = false;
  const closed = /** @type {number[]} */ ([]);
  class FakeProcessor {
    readable = new ReadableStream({
      pull(controller) {
        const value = frames.shift();
        if (value === undefined) return;
        controller.enqueue({
          numberOfFrames: 8,
          copyTo: (/** @type {Float32Array} */ into) => into.fill(value),
          close: () => closed.push(value),
        });
      },
      cancel() {
        cancelled = true;
      },
    });
  }
  Object.assign(globalThis, { MediaStreamTrackProcessor: FakeProcessor });
  const source = levelSource(microphone());
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(source.read()?.toFixed(3), '0.400');
  assert.equal(source.read(), 0);
  source.close();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(cancelled, true);
  assert.equal(closed.length, 3);
  Reflect.deleteProperty(globalThis, 'MediaStreamTrackProcessor');
});
