/**
 * Single keys that act on the call: which key does what, and when it must not.
 *
 * None acts while somebody types, with a modifier held, or over an open dialog; and all
 * of them can be switched off (WCAG 2.1.4). The help dialog is drawn from the same table.
 *
 * @typedef {'audio' | 'video' | 'screen' | 'hand' | 'chat' | 'people' | 'stats' | 'fullscreen'
 *   | 'pip' | 'layout' | 'help' | 'close' | 'talk'} Command
 *
 * @typedef {object} Press
 * @property {string} key
 * @property {boolean} [ctrlKey]
 * @property {boolean} [altKey]
 * @property {boolean} [metaKey]
 * @property {boolean} [isComposing]
 *
 * @typedef {object} Where
 * @property {boolean} enabled What the person chose.
 * @property {boolean} typing The focus is where text goes.
 * @property {boolean} onControl The focus is where Space presses something.
 * @property {boolean} covered A dialog or menu is open.
 * @property {boolean} joined
 */

/** @type {readonly { key: string, shown: string, command: Command, does: string }[]} */
export const SHORTCUTS = Object.freeze([
  { key: 'm', shown: 'M', command: 'audio', does: 'Microphone on or off' },
  { key: ' ', shown: 'Space', command: 'talk', does: 'Hold to talk while muted' },
  { key: 'v', shown: 'V', command: 'video', does: 'Camera on or off' },
  { key: 's', shown: 'S', command: 'screen', does: 'Share the screen, or stop' },
  { key: 'h', shown: 'H', command: 'hand', does: 'Raise or lower your hand' },
  { key: 'c', shown: 'C', command: 'chat', does: 'Open or close the chat' },
  { key: 'p', shown: 'P', command: 'people', does: 'Open or close the list of people' },
  { key: 'l', shown: 'L', command: 'layout', does: 'Show who speaks large, or all alike' },
  { key: 'f', shown: 'F', command: 'fullscreen', does: 'Full screen' },
  { key: 'i', shown: 'I', command: 'pip', does: 'Small window on top' },
  { key: 't', shown: 'T', command: 'stats', does: 'Statistics' },
  { key: '?', shown: '?', command: 'help', does: 'This help' },
  { key: 'escape', shown: 'Esc', command: 'close', does: 'Close the panel' },
]);

const BY_KEY = new Map(SHORTCUTS.map(({ key, command }) => [key, command]));

/**
 * @param {Press} press
 * @param {Where} where
 * @returns {Command | null}
 */
export function commandFor(press, { enabled, typing, onControl, covered, joined }) {
  const modified = press.ctrlKey || press.altKey || press.metaKey || press.isComposing;
  const command = BY_KEY.get(press.key.toLowerCase()) ?? null;
  if (!joined || covered || modified || command === null) {
    return null;
  }
  if (command === 'close') {
    return command;
  }
  if (!enabled || typing || (command === 'talk' && onControl)) {
    return null;
  }
  return command;
}

const TYPING = 'input:not([type=checkbox], [type=radio], [type=button]), textarea, select';
const CONTROL = 'button, a[href], input, select, textarea, summary, [role=button], [role=slider]';

/**
 * @param {object} options
 * @param {Record<Exclude<Command, 'talk'>, () => unknown>} options.act
 * @param {(on: boolean) => unknown} options.talk True while the key is held.
 * @param {() => boolean} options.enabled
 * @param {() => boolean} options.joined
 * @param {AbortSignal} options.signal
 */
export function mountShortcuts({ act, talk, enabled, joined, signal }) {
  let talking = false;
  const stop = () => {
    if (talking) {
      talking = false;
      talk(false);
    }
  };
  document.addEventListener(
    'keydown',
    (event) => {
      const command = event.defaultPrevented
        ? null
        : commandFor(event, whereIs(event, enabled(), joined()));
      if (command === null) {
        return;
      }
      if (command !== 'close') {
        event.preventDefault();
      }
      if (command !== 'talk') {
        if (!event.repeat) {
          act[command]();
        }
      } else if (!talking && !event.repeat) {
        talking = talk(true) !== false;
      }
    },
    { signal },
  );
  document.addEventListener(
    'keyup',
    (event) => {
      if (event.key === ' ') {
        stop();
      }
    },
    { signal },
  );
  // The key may be let go where this page does not see it.
  window.addEventListener('blur', stop, { signal });
  document.addEventListener('visibilitychange', stop, { signal });
}

/**
 * @param {KeyboardEvent} event
 * @param {boolean} enabled
 * @param {boolean} joined
 * @returns {Where}
 */
function whereIs(event, enabled, joined) {
  const target = event.target instanceof HTMLElement ? event.target : null;
  return {
    enabled,
    joined,
    typing: target !== null && (target.matches(TYPING) || target.isContentEditable),
    onControl: target?.matches(CONTROL) ?? false,
    covered: document.querySelector('dialog[open], :popover-open') !== null,
  };
}
