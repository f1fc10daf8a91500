import assert from 'node:assert/strict';
import { test } from 'node:test';

class HTMLScriptElement {}
const globals = /** @type {any} */ (globalThis);
globals.HTMLScriptElement = HTMLScriptElement;
let page = 0;

/** A page with the words in it, and boot.js run anew on it. @param {{ webrtc?: boolean }} [browser] */
async function open({ webrtc = true } = {}) {
  const words = {
    shown: /** @type {string | null} */ (null),
    removed: false,
    setAttribute(/** @type {string} */ name, /** @type {string} */ value) {
      assert.equal(name, 'data-shown');
      words.shown = value;
    },
    remove() {
      words.removed = true;
    },
  };
  const target = new EventTarget();
  globals.addEventListener = target.addEventListener.bind(target);
  globals.document = { getElementById: () => words };
  if (webrtc) globals.RTCPeerConnection = class {};
  else delete globals.RTCPeerConnection;
  page += 1;
  const url = `../../../services/web/static/js/call/boot.js?${page}`;
  const { started } = await import(url);
  /** @param {string} type @param {unknown} from */
  const hear = (type, from) => {
    const event = new Event(type);
    Object.defineProperty(event, 'target', { get: () => from });
    target.dispatchEvent(event);
  };
  return { words, started, hear };
}

test('a page that starts takes the words away, and what fails later is not theirs', async () => {
  const { words, started, hear } = await open();
  assert.equal(started(), true);
  assert.deepEqual([words.shown, words.removed], [null, true]);
  hear('error', globalThis);
  assert.equal(words.shown, null);
});

test('a script that breaks or does not come shows them at once', async () => {
  for (const [type, from] of /** @type {[string, unknown][]} */ ([
    ['error', globalThis],
    ['error', new HTMLScriptElement()],
    ['unhandledrejection', globalThis],
  ])) {
    const { words, started, hear } = await open();
    hear(type, from);
    assert.equal(words.shown, 'failed');
    assert.equal(words.removed, false);
    assert.equal(started(), true, 'it was not one of ours: this one came to its end');
    assert.equal(words.removed, true);
  }
});

test('a picture that does not come breaks no page', async () => {
  const { words, hear } = await open();
  hear('error', {});
  assert.equal(words.shown, null);
});

test('a browser without WebRTC is told so, although every script runs', async () => {
  const { words, started } = await open({ webrtc: false });
  assert.equal(started(), false, 'no camera is asked for');
  assert.deepEqual([words.shown, words.removed], ['unsupported', false]);
});
