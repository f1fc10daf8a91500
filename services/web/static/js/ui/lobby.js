/**
 * Before the call: see oneself, choose a name where none is known, join; and the wait
 * for the owner's answer.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 */

import { whoIsThere } from '../call/selectors.js';
import { cleanName, initials } from '../call/text.js';
import { part, partOf, setAttribute, setShown, setText } from './dom.js';
import { playQuietly, showTrack } from './videos.js';

/**
 * @typedef {object} LobbyOptions
 * @property {boolean} needsName
 * @property {() => CallState} state
 * @property {() => MediaStreamTrack | null} camera
 * @property {(name: string) => void} named What a guest has typed so far.
 * @property {(name: string) => void} join
 * @property {() => void} withdraw
 * @property {(on: boolean) => unknown} setAudio
 * @property {(on: boolean) => unknown} setVideo
 * @property {AbortSignal} signal
 */

/**
 * @param {HTMLElement} root
 * @param {LobbyOptions} options
 * @returns {(state: CallState) => void}
 */
export function mountLobby(root, options) {
  const { needsName, signal } = options;
  const name = partOf(root, 'name-input', HTMLInputElement);
  const field = part(root, 'name-field');
  const error = part(root, 'name-error');
  setShown(field, needsName);
  name.value = options.state().self.name;
  const fault = (/** @type {string} */ text) => {
    setText(error, text);
    setShown(error, text !== '');
    setAttribute(name, 'aria-invalid', text === '' ? null : 'true');
  };
  partOf(root, 'join-form', HTMLFormElement).addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      if (needsName && cleanName(name.value) === '') {
        fault('Type the name that the others will see.');
        name.focus();
        return;
      }
      fault('');
      options.join(name.value);
    },
    { signal },
  );
  const typed = () => {
    fault('');
    options.named(name.value);
  };
  name.addEventListener('input', typed, { signal });
  part(root, 'cancel').addEventListener('click', () => options.withdraw(), { signal });
  wireDevices(root, options);
  return (state) => {
    drawPreview(root, state, options.camera());
    drawEntry(root, state);
  };
}

/**
 * @param {HTMLElement} root
 * @param {LobbyOptions} options
 */
function wireDevices(root, { state, setAudio, setVideo, signal }) {
  const presence = () => state().self.presence;
  part(root, 'audio').addEventListener('click', () => void setAudio(!presence().audio), { signal });
  part(root, 'video').addEventListener('click', () => void setVideo(!presence().video), { signal });
}

/**
 * @param {HTMLElement} root
 * @param {CallState} state
 * @param {MediaStreamTrack | null} camera
 */
function drawPreview(root, { self, phase }, camera) {
  const video = partOf(root, 'preview', HTMLVideoElement);
  const before = phase.name !== 'joined' && phase.name !== 'ended';
  const track = before && self.presence.video && self.devices.video ? camera : null;
  if (showTrack(video, track) && track !== null) {
    playQuietly(video);
  }
  setShown(video, track !== null);
  setShown(part(root, 'placeholder'), track === null);
  setText(part(root, 'initials'), self.name === '' ? '' : initials(self.name));
  setText(
    part(root, 'preview-words'),
    self.presence.video ? 'Starting the camera…' : 'Camera is off',
  );
  setShown(part(root, 'preview-hint'), self.presence.video && !self.devices.video);
  for (const [kind, on] of [
    ['audio', self.presence.audio],
    ['video', self.presence.video],
  ]) {
    const button = part(root, String(kind));
    setAttribute(button, 'data-on', String(on));
    setText(part(button, 'label'), deviceLabel(String(kind), on === true));
  }
}

/**
 * @param {string} kind
 * @param {boolean} on
 * @returns {string} What a click does next.
 */
function deviceLabel(kind, on) {
  if (kind === 'audio') {
    return on ? 'Mute' : 'Unmute';
  }
  return on ? 'Camera off' : 'Camera on';
}

/**
 * @param {HTMLElement} root
 * @param {CallState} state
 */
function drawEntry(root, state) {
  const { name } = state.phase;
  const entering = name === 'connecting' || name === 'waiting';
  const join = partOf(root, 'join', HTMLButtonElement);
  const waiting = name === 'waiting';
  setText(part(root, 'lobby-focus'), waiting ? 'Waiting to be let in' : 'Ready to join?');
  setText(part(root, 'who'), waiting ? '' : whoIsThere(state));
  setText(part(root, 'join-words'), state.room.admission === 'ask' ? 'Ask to join' : 'Join');
  join.disabled = entering;
  setShown(join, !entering);
  setShown(part(root, 'entering'), entering);
  setText(part(root, 'entering-words'), enteringWords(state));
}

/**
 * @param {CallState} state
 * @returns {string}
 */
function enteringWords({ phase, status }) {
  if (status === 'offline') {
    return 'You are offline. You join as soon as the network is back.';
  }
  if (phase.name === 'waiting') {
    return 'You asked to come in. The owner will answer.';
  }
  return status === 'reconnecting' ? 'Connecting to the server…' : 'Joining…';
}
