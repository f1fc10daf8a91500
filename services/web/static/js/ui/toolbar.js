/**
 * The round buttons below the stage. Each shows its state by shape, by colour and by
 * `data-on`; its label says what a click does next.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 *
 * @typedef {object} ToolbarActions
 * @property {(on: boolean) => unknown} setAudio
 * @property {(on: boolean) => unknown} setVideo
 * @property {() => unknown} toggleScreen
 * @property {(up: boolean) => unknown} setHand
 * @property {() => unknown} hangUp
 */

import { part, setAttribute, setShown, setText } from './dom.js';
import { walkByArrows } from './roving.js';

/**
 * @param {HTMLElement} root
 * @param {{ actions: ToolbarActions, state: () => CallState, canShare: boolean, signal: AbortSignal }} options
 * @returns {(state: CallState) => void}
 */
export function mountToolbar(root, { actions, state, canShare, signal }) {
  const audio = part(root, 'audio');
  const video = part(root, 'video');
  const screen = part(root, 'screen');
  const hand = part(root, 'hand');
  const presence = () => state().self.presence;
  /** @type {[HTMLElement, () => unknown][]} */
  const clicks = [
    [audio, () => actions.setAudio(!presence().audio)],
    [video, () => actions.setVideo(!presence().video)],
    [screen, () => actions.toggleScreen()],
    [hand, () => actions.setHand(!presence().hand)],
    [part(root, 'hang-up'), () => actions.hangUp()],
  ];
  for (const [button, act] of clicks) {
    button.addEventListener('click', () => void act(), { signal });
  }
  walkByArrows(root, { forward: 'ArrowRight', back: 'ArrowLeft', signal });
  setShown(screen, canShare);
  return ({ self }) => {
    show(audio, self.presence.audio, self.presence.audio ? 'Mute' : 'Unmute');
    show(video, self.presence.video, self.presence.video ? 'Camera off' : 'Camera on');
    show(screen, self.presence.screen, self.presence.screen ? 'Stop sharing' : 'Share screen');
    show(hand, self.presence.hand, self.presence.hand ? 'Lower hand' : 'Raise hand');
  };
}

/**
 * @param {HTMLElement} button
 * @param {boolean} on
 * @param {string} label What a click does next.
 */
function show(button, on, label) {
  setAttribute(button, 'data-on', String(on));
  setText(part(button, 'label'), label);
}
