import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playTestSound } from '../../../services/web/static/js/ui/test-sound.js';

function speaker({ refuses = false } = {}) {
  const open = { contexts: 0, notes: 0 };
  const element = {
    srcObject: /** @type {any} */ (null),
    sink: '',
    setSinkId: async (/** @type {string} */ id) => {
      if (refuses) throw new DOMException('no', 'NotFoundError');
      element.sink = id;
    },
    play: async () => {},
  };
  const node = { connect: (/** @type {any} */ next) => next };
  const createContext = () => {
    open.contexts += 1;
    return {
      currentTime: 0,
      createMediaStreamDestination: () => ({ stream: {} }),
      createGain: () => ({
        ...node,
        gain: {
          setValueAtTime() {},
          linearRampToValueAtTime() {},
          exponentialRampToValueAtTime() {},
        },
      }),
      createOscillator: () => ({
        ...node,
        frequency: { value: 0 },
        start() {
          open.notes += 1;
        },
        stop() {
          queueMicrotask(() => {
            open.notes -= 1;
            this.onended();
          });
        },
        onended() {},
      }),
      resume: async () => {},
      close: async () => {
        open.contexts -= 1;
      },
    };
  };
  const options = /** @type {any} */ ({ createContext, createElement: () => element });
  return { open, element, options };
}

test('the test sound goes to the chosen speaker, and all is closed after it', async () => {
  const { open, element, options } = speaker();
  assert.equal(await playTestSound({ speaker: 'desk', ...options }), true);
  assert.equal(element.sink, 'desk');
  assert.deepEqual([open, element.srcObject], [{ contexts: 0, notes: 0 }, null]);
});

test('a speaker that is gone is a refusal, and all is closed', async () => {
  const { open, options } = speaker({ refuses: true });
  assert.equal(await playTestSound({ speaker: 'gone', ...options }), false);
  assert.equal(open.contexts, 0);
});
