import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScreenLock } from '../../../services/web/static/js/call/wake-lock.js';

class FakePage extends EventTarget {
  visibilityState = 'visible';
  listeners = 0;

  /** @override @param {string} type @param {any} listener @param {any} options */
  addEventListener(type, listener, options) {
    super.addEventListener(type, listener, options);
    this.listeners += 1;
    options.signal.addEventListener('abort', () => {
      this.listeners -= 1;
    });
  }

  /** @param {string} state */
  become(state) {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

function bench() {
  const document = new FakePage();
  const held = new Set();
  const box = { refuse: false, requests: 0 };
  const wakeLock = {
    request: async () => {
      box.requests += 1;
      if (box.refuse) throw new DOMException('low battery', 'NotAllowedError');
      const sentinel = Object.assign(new EventTarget(), {
        release: async () => {
          held.delete(sentinel);
          sentinel.dispatchEvent(new Event('release'));
        },
      });
      held.add(sentinel);
      return sentinel;
    },
  };
  return { document, held, box, wakeLock, lock: new ScreenLock({ wakeLock, document }) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the screen stays on in the call and only there', async () => {
  const { lock, held } = bench();
  assert.equal(held.size, 0);
  lock.set(true);
  lock.set(true);
  await settled();
  assert.deepEqual([held.size, lock.held], [1, true]);
  lock.set(false);
  await settled();
  assert.deepEqual([held.size, lock.held], [0, false]);
});

test('a lock that the browser dropped with the page is taken again when it is seen', async () => {
  const { lock, held, document, box } = bench();
  lock.set(true);
  await settled();
  document.visibilityState = 'hidden';
  await [...held][0].release();
  assert.equal(lock.held, false);
  document.become('hidden');
  await settled();
  assert.equal(box.requests, 1);
  document.become('visible');
  await settled();
  assert.equal(lock.held, true);
  lock.close();
});

test('a refusal, or a browser without it, changes nothing', async () => {
  const { lock, box, document } = bench();
  box.refuse = true;
  lock.set(true);
  await settled();
  assert.equal(lock.held, false);
  new ScreenLock({ wakeLock: undefined, document }).set(true);
  await settled();
});

test('a call that ends while the lock is asked for does not keep it', async () => {
  const { lock, held } = bench();
  lock.set(true);
  lock.set(false);
  await settled();
  assert.equal(held.size, 0);
});

test('closing lets go of the lock and of the page', async () => {
  const { lock, held, document } = bench();
  lock.set(true);
  await settled();
  lock.close();
  await settled();
  assert.deepEqual([held.size, document.listeners], [0, 0]);
});
