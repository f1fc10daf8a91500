/**
 * Everything that chooses and tunes devices: in the lobby, in the settings, in the call.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/controller.js').CallController} CallController
 * @typedef {import('../call/config.js').CallConfig} CallConfig
 */

import { find } from '../call/choice.js';
import { mountPickers } from './devices.js';
import { part, partOf } from './dom.js';
import { mountLevel } from './level.js';
import { mountMutedHint } from './muted-hint.js';
import { mountSettings } from './settings.js';
import { playTestSound } from './test-sound.js';

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {() => CallState} options.state
 * @param {CallController} options.controller
 * @param {CallConfig} options.config
 * @param {import('../call/preferences.js').Preferences} options.preferences
 * @param {import('../rtc/level.js').LevelMeter} options.meter
 * @param {AbortSignal} options.signal
 */
export function mountEquipment(root, { state, controller, config, preferences, meter, signal }) {
  const { devices } = controller;
  /** @type {import('./settings.js').SetSetting} */
  const set = (setting, on) => {
    if (setting === 'backgroundBlur') {
      return devices.setBlur(on);
    }
    if (setting === 'mirror' || setting === 'shortcuts') {
      return preferences.update({ [setting]: on });
    }
    if (setting === 'relayOnly') {
      preferences.update({ relayOnly: on });
      return controller.renewLinks();
    }
    return devices.setProcessing({ [setting]: on });
  };
  const relayForced = config.relayOnly;
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const places = [part(root, 'lobby'), partOf(root, 'settings', HTMLDialogElement)];
  return [
    mountSettings(root, { preferences, set, relayForced, signal }),
    mountMutedHint(part(root, 'muted-hint'), {
      unmute: () => controller.setAudio(true),
      next: part(part(root, 'toolbar'), 'audio'),
      shortcuts: () => preferences.current.shortcuts,
      signal,
    }),
    ...places.flatMap((place) => [
      mountLevel(place, { state, meter, calm, signal }),
      mountPickers(place, {
        preferences,
        choose: (kind, id) => devices.choose(kind, id),
        testSound: () => playTestSound({ speaker: speakerOf(state(), preferences) }),
        signal,
      }),
    ]),
  ];
}

/**
 * @param {CallState} state
 * @param {import('../call/preferences.js').Preferences} preferences
 * @returns {string} The id of the chosen speaker; empty: the system's, also while the chosen
 *   one is away.
 */
export function speakerOf({ equipment }, preferences) {
  const { devices } = equipment.hardware.speakers;
  const { speaker } = preferences.current;
  // Firefox does not list what was picked for this page alone.
  return devices.length === 0 ? (speaker?.id ?? '') : (find(devices, speaker)?.id ?? '');
}
