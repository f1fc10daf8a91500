/**
 * The pickers of microphone, camera and speaker, in the lobby and in the settings.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/devices.js').DeviceKind} DeviceKind
 * @typedef {import('../call/preferences.js').Preferences} Preferences
 */

import { picker, speakerPicker } from '../call/choice.js';
import { part, partOf, setShown } from './dom.js';

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {Preferences} options.preferences
 * @param {(kind: DeviceKind, id: string) => unknown} options.choose
 * @param {() => unknown} options.testSound
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountPickers(root, { preferences, choose, testSound, signal }) {
  const microphone = partOf(root, 'pick-microphone', HTMLSelectElement);
  const camera = partOf(root, 'pick-camera', HTMLSelectElement);
  const speaker = partOf(root, 'pick-speaker', HTMLSelectElement);
  const ask = partOf(root, 'ask-speaker', HTMLButtonElement);
  for (const [select, kind] of /** @type {const} */ ([
    [microphone, 'microphone'],
    [camera, 'camera'],
    [speaker, 'speaker'],
  ])) {
    select.addEventListener('change', () => void choose(kind, select.value), { signal });
  }
  partOf(root, 'test-sound', HTMLButtonElement).addEventListener('click', () => void testSound(), {
    signal,
  });
  const canRoute = 'setSinkId' in HTMLMediaElement.prototype;
  const asks = canRoute && 'selectAudioOutput' in (navigator.mediaDevices ?? {});
  ask.addEventListener('click', () => void askForSpeaker(preferences), { signal });
  return ({ equipment: { hardware, ...running } }) => {
    const wanted = preferences.current;
    draw(microphone, picker(hardware.microphones, running.microphone, wanted.microphone));
    draw(camera, picker(hardware.cameras, running.camera, wanted.camera));
    draw(speaker, speakerPicker(hardware.speakers, wanted.speaker));
    const listed = hardware.speakers.devices.length > 0;
    setShown(part(root, 'speaker-field'), canRoute && listed);
    setShown(ask, asks && !listed);
  };
}

/**
 * Firefox shows a speaker to a page only when the person picks it for the page.
 *
 * @param {Preferences} preferences
 */
async function askForSpeaker(preferences) {
  try {
    const { deviceId: id, label } = await /** @type {any} */ (
      navigator.mediaDevices
    ).selectAudioOutput();
    preferences.update({ speaker: { id, label } });
  } catch {
    // The question was closed: the speaker stays as it is.
  }
}

/**
 * An open list is left alone unless what it holds has changed.
 *
 * @param {HTMLSelectElement} select
 * @param {import('../call/choice.js').Picker} wanted
 */
function draw(select, { options, value, disabled }) {
  const same =
    select.options.length === options.length &&
    options.every(
      (option, index) =>
        select.options[index]?.value === option.value &&
        select.options[index]?.text === option.text,
    );
  if (!same) {
    select.replaceChildren(...options.map((option) => new Option(option.text, option.value)));
  }
  if (select.value !== value) {
    select.value = value;
  }
  select.disabled = disabled;
}
