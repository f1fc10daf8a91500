/**
 * The call itself: tiles, toolbar, panels, menu, keys, and what they do to each other.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/controller.js').CallController} CallController
 * @typedef {import('../call/config.js').CallConfig} CallConfig
 * @typedef {import('../call/devices.js').CallStore} CallStore
 */

import { mountBanner } from './banner.js';
import { mountChat } from './chat.js';
import { mountConfirm } from './confirm.js';
import { part } from './dom.js';
import { canFill, onFullscreen, toggleFill } from './fullscreen.js';
import { mountHelp } from './help.js';
import { mountMenu } from './menu.js';
import { mountPanels } from './panels.js';
import { mountDoor, mountPeople } from './people.js';
import { canFloat, FloatingWindow } from './pip.js';
import { mountShortcuts } from './shortcuts.js';
import { mountStats } from './stats.js';
import { mountTiles } from './tiles.js';
import { mountToolbar } from './toolbar.js';

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {CallStore} options.store
 * @param {CallController} options.controller
 * @param {CallConfig} options.config
 * @param {() => boolean} options.shortcuts Whether single keys act.
 * @param {AbortSignal} options.signal
 * @returns {((state: CallState) => void)[]}
 */
export function mountStage(root, { store, controller, config, shortcuts, signal }) {
  const state = () => store.state;
  const trackOf = controller.track.bind(controller);
  const canShare = 'getDisplayMedia' in (navigator.mediaDevices ?? {});
  const confirm = mountConfirm(root, signal);
  const help = mountHelp(root, signal);
  const floating = new FloatingWindow({
    trackOf,
    actions: {
      toggleAudio: () => controller.setAudio(!state().self.presence.audio),
      hangUp: () => controller.hangUp(),
    },
    signal,
  });
  const does = commands({ store, controller, floating, help: help.open });
  const pin = (/** @type {string | null} */ key) => store.dispatch({ type: 'view.pin', key });
  const fill = (/** @type {HTMLElement} */ element) => fillOrSay(store, element);
  const owner = { actions: controller.owner, signal };
  const drawMenu = mountMenu(root, {
    actions: {
      'menu-screen': does.screen,
      'menu-hand': does.hand,
      'menu-layout': does.layout,
      'menu-self': () => store.dispatch({ type: 'view.self', hidden: !state().view.selfHidden }),
      'menu-fullscreen': does.fullscreen,
      'menu-pip': does.pip,
      'menu-stats': does.stats,
      'menu-help': does.help,
    },
    missing: [
      ...(canShare ? [] : ['menu-screen']),
      ...(canFill(document.documentElement) ? [] : ['menu-fullscreen']),
      ...(canFloat() ? [] : ['menu-pip']),
    ],
    signal,
  });
  onFullscreen(() => drawMenu(state()), signal);
  mountShortcuts({
    act: does,
    talk: (on) => holdToTalk(controller, state(), on),
    enabled: shortcuts,
    joined: () => state().phase.name === 'joined',
    signal,
  });
  return [
    mountTiles(part(root, 'tiles'), { trackOf, actions: { pin, fill }, signal }),
    mountToolbar(part(root, 'toolbar'), { actions: controller, state, signal, canShare }),
    drawMenu,
    mountBanner(part(root, 'banner'), {
      relay: config.turnConfigured,
      retry: () => controller.reconnect(),
      signal,
    }),
    mountPeople(root, { ...owner, pin, confirm, state }),
    mountDoor(part(root, 'door'), owner),
    mountChat(root, { send: (text) => controller.sendChat(text), signal }),
    mountStats(root, { state, copy: (text) => copyOrSay(store, text), signal }),
    mountPanels(root, { state, open: (panel) => store.dispatch({ type: 'panel', panel }), signal }),
    (now) => floating.draw(now),
  ];
}

/**
 * What the keys and the menu do.
 *
 * @param {object} parts
 * @param {CallStore} parts.store
 * @param {CallController} parts.controller
 * @param {FloatingWindow} parts.floating
 * @param {() => void} parts.help
 */
function commands({ store, controller, floating, help }) {
  const presence = () => store.state.self.presence;
  const panel = (/** @type {import('../call/types.js').Panel} */ wanted) =>
    store.dispatch({ type: 'panel', panel: store.state.panel === wanted ? 'none' : wanted });
  return {
    audio: () => controller.setAudio(!presence().audio),
    video: () => controller.setVideo(!presence().video),
    screen: () => controller.toggleScreen(),
    hand: () => controller.setHand(!presence().hand),
    chat: () => panel('chat'),
    people: () => panel('people'),
    stats: () => panel('stats'),
    layout: () => {
      const layout = store.state.view.layout === 'auto' ? 'speaker' : 'auto';
      store.dispatch({ type: 'view.layout', layout });
    },
    fullscreen: () => fillOrSay(store, document.documentElement),
    pip: async () => {
      if (!(await floating.toggle(store.state))) {
        store.dispatch({ type: 'notice', code: 'pip_failed' });
      }
    },
    help,
    close: () => store.dispatch({ type: 'panel', panel: 'none' }),
  };
}

/**
 * @param {CallController} controller
 * @param {CallState} state
 * @param {boolean} on
 * @returns {boolean} False: the microphone was on already, and stays so.
 */
function holdToTalk(controller, { self }, on) {
  if (on && self.presence.audio) {
    return false;
  }
  void controller.setAudio(on);
  return true;
}

/**
 * @param {CallStore} store
 * @param {HTMLElement} element
 */
async function fillOrSay(store, element) {
  if (!(await toggleFill(element))) {
    store.dispatch({ type: 'notice', code: 'fullscreen_failed' });
  }
}

/**
 * @param {CallStore} store
 * @param {string} text
 */
async function copyOrSay(store, text) {
  try {
    await navigator.clipboard.writeText(text);
    store.dispatch({ type: 'notice', code: 'stats_copied' });
  } catch {
    store.dispatch({ type: 'notice', code: 'copy_failed' });
  }
}
