/**
 * Starts the call page: reads the configuration, makes the parts, hands them to each other.
 */

import { DeviceList } from '../rtc/devices.js';
import { LevelMeter } from '../rtc/level.js';
import { Media } from '../rtc/media.js';
import { Mesh } from '../rtc/mesh.js';
import { SignalingClient } from '../signaling/client.js';
import { mountPage } from '../ui/page.js';
import { watchAbsentees } from './absentees.js';
import { started } from './boot.js';
import { readConfig } from './config.js';
import { CallController } from './controller.js';
import { rememberedName, rememberName } from './name.js';
import { Preferences } from './preferences.js';
import { SeatKeeper } from './seat.js';
import { watchSpeakers } from './speaking.js';
import { initialState, reduce } from './state.js';
import { Store } from './store.js';
import { pageSurroundings } from './surroundings.js';
import { TicketSource } from './ticket.js';
import { listenToVoice } from './voice.js';
import { ScreenLock } from './wake-lock.js';

const config = readConfig(document);
const root = /** @type {HTMLElement} */ (document.getElementById('main'));
const name = config.name || (config.needsName ? rememberedName(localStorage) : '');
const store = new Store(
  reduce,
  initialState({ roomName: config.roomName, name, role: config.role }),
);
const preferences = new Preferences({ storage: () => localStorage });
const relayOnly = () => config.relayOnly || preferences.current.relayOnly;
const controller = new CallController({
  config,
  store,
  createClient: (options) => new SignalingClient(options),
  createMesh: ({ transport }) =>
    new Mesh({ transport, iceTransportPolicy: relayOnly() ? 'relay' : 'all' }),
  media: new Media(),
  deviceList: new DeviceList(),
  preferences,
  seat: new SeatKeeper({
    slug: config.slug,
    storage: sessionStorage,
    locks: navigator.locks,
    reloaded: performance.getEntriesByType('navigation').some(isReload),
  }),
  tickets: new TicketSource({
    ticket: config.ticket,
    expiresAt: config.ticketExpiresAt,
    url: config.ticketUrl,
    csrfToken: config.csrfToken,
  }),
  around: pageSurroundings(),
});

/**
 * @param {PerformanceEntry} entry
 * @returns {boolean}
 */
function isReload(entry) {
  return /** @type {PerformanceNavigationTiming} */ (entry).type === 'reload';
}

const drawing = new AbortController();
watchAbsentees(store, { signal: drawing.signal });
watchSpeakers(store, {
  levels: () => controller.levels(),
  visible: () => document.visibilityState === 'visible',
  signal: drawing.signal,
});
const { signal } = drawing;
const meter = new LevelMeter();
mountPage(root, { store, controller, config, preferences, meter, signal });
listenToVoice({ store, microphone: () => controller.track(null, 'audio'), meter, signal });
const screenLock = new ScreenLock({ wakeLock: navigator.wakeLock, document });
store.subscribe(({ phase }) => screenLock.set(phase.name === 'joined'), { signal });
store.subscribe(({ phase, self }) => {
  if (config.needsName && phase.name === 'joined') {
    rememberName(localStorage, self.name);
  }
});
if (started()) {
  controller
    .start()
    .catch(() => store.dispatch({ type: 'signaling.stopped', code: 'script_failed' }));
}
