import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leanCodecs } from '../../../services/web/static/js/rtc/codecs.js';

/** @param {string} mimeType @param {string} [sdpFmtpLine] */
const codec = (mimeType, sdpFmtpLine) => /** @type {any} */ ({ mimeType, sdpFmtpLine });

/** What Chromium and Firefox list, in their order, shortened. */
const CHROMIUM = [
  codec('video/VP8'),
  codec('video/rtx'),
  codec('video/VP9', 'profile-id=0'),
  codec('video/VP9', 'profile-id=2'),
  codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f'),
  codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f'),
  codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'),
  codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f'),
  codec('video/AV1', 'level-idx=5;profile=0;tier=0'),
  codec('video/AV1', 'level-idx=5;profile=1;tier=0'),
  codec('video/red'),
  codec('video/ulpfec'),
];
const FIREFOX = [
  codec('video/VP8', 'max-fs=12288;max-fr=60'),
  codec('video/VP9', 'max-fs=12288;max-fr=60'),
  codec('video/H264', 'profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1'),
  codec('video/H264', 'profile-level-id=42e01f;level-asymmetry-allowed=1'),
];

/** @param {any[]} codecs */
const names = (codecs) => leanCodecs(codecs).map(({ mimeType }) => mimeType.slice(6));

test('one variant of each video codec is offered, in the browser’s order', () => {
  assert.deepEqual(names(CHROMIUM), ['VP8', 'rtx', 'VP9', 'H264', 'AV1', 'red', 'ulpfec']);
});

test('a browser that names no profile keeps its codecs', () => {
  assert.deepEqual(names(FIREFOX).slice(0, 3), ['VP8', 'VP9', 'H264']);
});

test('the codecs that every browser must have are always left', () => {
  for (const list of [CHROMIUM, FIREFOX]) {
    assert.ok(names(list).includes('VP8'));
    assert.ok(names(list).includes('H264'));
  }
  assert.deepEqual(
    leanCodecs([
      codec('audio/opus'),
      codec('audio/red'),
      codec('audio/PCMU'),
      codec('audio/CN'),
    ]).map(({ mimeType }) => mimeType),
    ['audio/opus', 'audio/red'],
  );
});
