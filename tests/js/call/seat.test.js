import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SeatKeeper } from '../../../services/web/static/js/call/seat.js';

/** A browser's locks: one holder per name, waiters give up when their signal says so. */
class Locks {
  /** @type {Map<string, Promise<unknown>>} */
  held = new Map();

  /** @param {string} name @param {any} options @param {any} work */
  async request(name, { signal }, work) {
    const holder = this.held.get(name);
    if (holder !== undefined) {
      const aborted = new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
      await Promise.race([holder, aborted]);
    }
    const done = Promise.resolve(work()).then(() => this.held.delete(name));
    this.held.set(name, done);
    return done;
  }
}

class Memory {
  /** @type {Map<string, string>} */
  values = new Map();
  /** @param {Memory} other */
  static copyOf(other) {
    const copy = new Memory();
    copy.values = new Map(other.values);
    return copy;
  }
  /** @param {string} key */
  getItem(key) {
    return this.values.get(key) ?? null;
  }
  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.values.set(key, value);
  }
  /** @param {string} key */
  removeItem(key) {
    this.values.delete(key);
  }
}

// AbortSignal.timeout alone does not keep Node's event loop running.
const alive = setInterval(() => {}, 20);
after(() => clearInterval(alive));

let ids = 0;
/** @param {Memory} storage @param {any} locks @param {boolean} [reloaded] */
const keeper = (storage, locks, reloaded = false) =>
  new SeatKeeper({ slug: 'room', storage, locks, reloaded, newId: () => `id-${ids++}` });

test('a first page has no seat', async () => {
  assert.equal(await keeper(new Memory(), new Locks()).claim(), null);
});

test('a reload finds its seat again, even when the old page lets go late', async () => {
  const [storage, locks] = [new Memory(), new Locks()];
  const before = keeper(storage, locks);
  await before.claim();
  before.keep('token');
  setTimeout(() => before.close(), 50);
  assert.equal(await keeper(storage, locks).claim(), 'token');
});

test('a duplicated tab takes no seat, and leaves that of the first alone', async () => {
  const [storage, locks] = [new Memory(), new Locks()];
  const first = keeper(storage, locks);
  await first.claim();
  first.keep('token');
  const copied = Memory.copyOf(storage);
  const second = keeper(copied, locks);
  assert.equal(await second.claim(), null);
  second.keep('token-2');
  first.close();
  second.close();
  assert.equal(await keeper(storage, locks).claim(), 'token');
  assert.equal(await keeper(copied, locks).claim(), 'token-2');
});

test('without locks a reload keeps the seat and a duplicated tab does not', async () => {
  const storage = new Memory();
  const first = keeper(storage, undefined);
  await first.claim();
  first.keep('token');
  assert.equal(await keeper(Memory.copyOf(storage), undefined, false).claim(), null);
  assert.equal(await keeper(Memory.copyOf(storage), undefined, true).claim(), 'token');
});

test('a seat that was given up is not taken again', async () => {
  const [storage, locks] = [new Memory(), new Locks()];
  const first = keeper(storage, locks);
  await first.claim();
  first.keep('token');
  first.forget();
  first.close();
  assert.equal(await keeper(storage, locks).claim(), null);
});

test('broken and forbidden storage costs the seat, not the page', async () => {
  const broken = new Memory();
  broken.setItem('traverse:seat:room', '{"id": 5');
  assert.equal(await keeper(broken, new Locks()).claim(), null);
  const forbidden = {
    getItem() {
      throw new Error('forbidden');
    },
    setItem() {
      throw new Error('forbidden');
    },
    removeItem() {
      throw new Error('forbidden');
    },
  };
  const seat = keeper(/** @type {any} */ (forbidden), new Locks());
  assert.equal(await seat.claim(), null);
  seat.keep('token');
  seat.forget();
});
