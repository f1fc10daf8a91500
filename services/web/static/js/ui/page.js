/**
 * The whole call page: mounts its pieces, draws them after each change of the state,
 * and shows one of lobby, stage and end.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/controller.js').CallController} CallController
 * @typedef {import('../call/config.js').CallConfig} CallConfig
 * @typedef {import('../call/devices.js').CallStore} CallStore
 */

import { list } from '../call/quality.js';
import { mountAdvice } from './advice.js';
import { mountAnnouncer } from './announcer.js';
import { part, setAttribute, setShown, setText } from './dom.js';
import { mountEnded } from './ended.js';
import { mountEquipment, speakerOf } from './equipment.js';
import { mountLobby } from './lobby.js';
import { mountNotices } from './notices.js';
import { mountShare } from './share.js';
import { mountSound } from './sound.js';
import { mountStage } from './stage.js';
import { mountStatus } from './status.js';

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {CallStore} options.store
 * @param {CallController} options.controller
 * @param {CallConfig} options.config
 * @param {import('../call/preferences.js').Preferences} options.preferences
 * @param {import('../rtc/level.js').LevelMeter} options.meter
 * @param {AbortSignal} options.signal Ends all drawing and listening.
 */
export function mountPage(root, { store, controller, config, preferences, meter, signal }) {
  const state = () => store.state;
  const trackOf = controller.track.bind(controller);
  const lobby = part(root, 'lobby');
  const retry = (/** @type {'microphone' | 'camera' | 'devices'} */ which) =>
    controller.devices.retry(which);
  const draw = [
    mountStatus(root),
    mountLobby(lobby, {
      needsName: config.needsName,
      state,
      camera: () => trackOf(null, 'camera'),
      named: (name) => controller.named(name),
      join: (name) => controller.join(name),
      withdraw: () => controller.withdraw(),
      setAudio: (on) => controller.setAudio(on),
      setVideo: (on) => controller.setVideo(on),
      signal,
    }),
    mountSound(part(root, 'voices'), part(root, 'sound'), {
      trackOf,
      onBlocked: (blocked) => store.dispatch({ type: 'sound', blocked }),
      speaker: () => speakerOf(state(), preferences),
      signal,
    }),
    ...mountStage(root, {
      store,
      controller,
      config,
      shortcuts: () => preferences.current.shortcuts,
      signal,
    }),
    mountAdvice(part(lobby, 'advice'), { state, retry, next: part(lobby, 'join'), signal }),
    ...mountEquipment(root, { state, controller, config, preferences, meter, signal }),
    mountNotices(part(root, 'notices'), {
      dismiss: (id) => store.dispatch({ type: 'notice.dismissed', id }),
      mute: () => controller.setAudio(false),
      retry,
      signal,
    }),
    mountEnded(part(root, 'ended'), {
      rejoin: () => location.reload(),
      signedIn: config.signedIn,
      signal,
    }),
    mountAnnouncer(part(root, 'polite'), part(root, 'urgent'), signal),
    // Last: to move the focus lays the page out, which should then be as it will be.
    mountPhase(root),
  ];
  for (const button of root.querySelectorAll('[data-share]')) {
    mountShare(/** @type {HTMLElement} */ (button), {
      url: config.shareUrl,
      title: () => state().room.name,
      onCopied: () => store.dispatch({ type: 'notice', code: 'link_copied' }),
      onFailed: () => store.dispatch({ type: 'notice', code: 'copy_failed' }),
      signal,
    });
  }
  drawAfterChanges(store, preferences, draw, signal);
}

/** A hidden page draws no frames, and its title and live region are for those who hear. */
const NO_FRAME_MS = 50;

/**
 * Not at once: an offer that comes right behind a roster must not wait for tiles.
 *
 * @param {() => void} draw
 */
function beforeNextFrame(draw) {
  const drawOnce = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    draw();
  };
  const frame = requestAnimationFrame(drawOnce);
  const timer = setTimeout(drawOnce, NO_FRAME_MS);
}

/**
 * Several changes in one turn are drawn once.
 *
 * @param {CallStore} store
 * @param {import('../call/preferences.js').Preferences} preferences Drawn, too.
 * @param {readonly ((state: CallState) => void)[]} draw
 * @param {AbortSignal} signal
 */
function drawAfterChanges(store, preferences, draw, signal) {
  let due = false;
  const drawNow = () => {
    due = false;
    if (!signal.aborted) {
      for (const each of draw) {
        each(store.state);
      }
    }
  };
  const drawSoon = () => {
    if (!due) {
      due = true;
      beforeNextFrame(drawNow);
    }
  };
  store.subscribe(drawSoon, { signal });
  preferences.subscribe(drawSoon, { signal });
  drawNow();
}

/**
 * @param {HTMLElement} root
 * @returns {(state: CallState) => void}
 */
function mountPhase(root) {
  const lobby = part(root, 'lobby');
  const stage = part(root, 'stage');
  const toolbar = part(root, 'toolbar');
  const ended = part(root, 'ended');
  const alone = part(root, 'alone');
  const title = document.title;
  /** @type {string | null} */
  let shown = null;
  return ({ phase, peers, waiting, room, chat }) => {
    const view = viewOf(phase.name);
    setAttribute(root, 'data-phase', phase.name);
    setShown(lobby, view === 'lobby');
    setShown(stage, view === 'stage');
    setShown(toolbar, view === 'stage');
    setShown(part(root, 'call-actions'), view === 'stage');
    setShown(ended, view === 'ended');
    const away = peers.filter((peer) => peer.absent);
    setShown(alone, view === 'stage' && away.length === peers.length && waiting.length === 0);
    setText(
      part(root, 'alone-title'),
      away.length === 0
        ? 'Nobody else is here yet.'
        : `${list(away)} lost the connection and may come back.`,
    );
    const unread = chat.unread > 0 ? `(${chat.unread}) ` : '';
    const wanted = room.name === '' ? title : `${unread}${room.name} · Traverse`;
    if (document.title !== wanted) {
      document.title = wanted;
    }
    if (shown !== null && shown !== view) {
      // The control that had the focus is gone with its view.
      part(root, `${view}-focus`).focus();
    }
    shown = view;
    setText(part(root, 'stage-focus'), `Call in ${room.name}`);
  };
}

/**
 * @param {import('../call/types.js').Phase['name']} phase
 * @returns {'lobby' | 'stage' | 'ended'}
 */
function viewOf(phase) {
  if (phase === 'joined') {
    return 'stage';
  }
  return phase === 'ended' ? 'ended' : 'lobby';
}
