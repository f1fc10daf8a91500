/**
 * What to do about a camera, a microphone or a screen that cannot be had: a sentence, its
 * cause and the next step, for each reason of rtc/media-faults.js, in the words of the
 * browser that the person has before them.
 *
 * @typedef {import('./browser.js').Browser} Browser
 * @typedef {import('./words.js').Failure} Failure
 * @typedef {{ names: string, noun: string, them: string, they: string, plug: string }} Words
 */

/** @type {Record<'microphone' | 'camera' | 'devices', Words>} */
const WORDS = {
  microphone: {
    names: 'microphone',
    noun: 'microphone',
    them: 'the microphone',
    they: 'it',
    plug: 'one',
  },
  camera: { names: 'camera', noun: 'camera', them: 'the camera', they: 'it', plug: 'one' },
  devices: {
    names: 'camera and microphone',
    noun: 'camera or microphone',
    them: 'camera and microphone',
    they: 'them',
    plug: 'them',
  },
};

/** Codes of devices whose notice has a button to try again. */
const TRY = /^(microphone|camera|devices)_(?!insecure|unsupported|policy|changed)[a-z]+$/u;
const ABOUT_DEVICES = /^(microphone|camera|devices)_/u;

/**
 * @param {string} code
 * @returns {'microphone' | 'camera' | 'devices' | null} Which one the button tries again;
 *   null: trying again cannot help.
 */
export function triesAgain(code) {
  const [, device] = TRY.exec(code) ?? [];
  return /** @type {'microphone' | 'camera' | 'devices' | undefined} */ (device) ?? null;
}

/**
 * @param {string} code
 * @returns {boolean}
 */
export function isAboutDevices(code) {
  return ABOUT_DEVICES.test(code);
}

/**
 * @param {Browser} browser
 * @returns {Record<string, Failure>} Keyed by code.
 */
export function deviceWords(browser) {
  /** @type {Record<string, Failure>} */
  const all = { ...screenWords(browser) };
  for (const [which, words] of Object.entries(WORDS)) {
    for (const [reason, told] of Object.entries(reasons(words, browser))) {
      all[`${which}_${reason}`] = told;
    }
  }
  return all;
}

/**
 * @param {Words} words
 * @param {Browser} browser
 * @returns {Record<string, Failure>}
 */
function reasons({ names, noun, them, they, plug }, browser) {
  return {
    denied: {
      title: `Your browser blocks the ${names}.`,
      cause: `This site has no permission to use ${they}.`,
      next: `${whereToAllow(browser, them)} Then press Try again.`,
      again: true,
    },
    dismissed: {
      title: `The browser still waits for your answer.`,
      cause: `Its question whether this site may use the ${names} was closed.`,
      next: `Press Try again and answer “Allow”.${ifNoQuestion(browser)}`,
      again: true,
    },
    system: {
      title: `Your system blocks the ${names}.`,
      cause: 'The browser itself has no permission from the system.',
      next: `${whereTheSystemAllows(browser, them)} Then press Try again.`,
      again: true,
    },
    policy: {
      title: `The ${names} may not be used here.`,
      cause: 'A rule of your organisation, or of a page around this one, forbids it.',
      next: 'Open the channel in a tab of its own, or ask whoever manages this computer.',
    },
    missing: {
      title: `No ${noun} was found.`,
      cause: 'None is plugged in, or the system hides it from the browser.',
      next: `Plug ${plug} in, then press Try again. You can also join without.`,
      again: true,
    },
    unfit: {
      title: `The ${names} cannot do what a call needs.`,
      cause: 'It offers no picture or sound that browsers can send.',
      next: 'Choose another one in the settings.',
      again: true,
    },
    busy: {
      title: `The ${names} cannot be opened.`,
      cause: 'Another program or tab holds the device, or the system has switched it off.',
      next: 'Close other programs that make calls or record, then press Try again.',
      again: true,
    },
    lost: {
      title: `The ${names} stopped.`,
      cause: 'The device was unplugged, or the system took it away.',
      next: 'Plug it in again, then press Try again.',
      again: true,
    },
    paused: {
      title: `Your ${names} was paused by the system.`,
      cause: 'A phone call, the lock screen, another app or a switch on the device holds it.',
      next: 'It comes back by itself. If it does not, press Try again.',
      again: true,
    },
    failed: {
      title: `The ${names} could not be started.`,
      cause: 'The browser gave no reason.',
      next: 'Press Try again, or restart the browser.',
      again: true,
    },
    insecure: {
      title: `This page may not use the ${names}.`,
      cause: 'Browsers allow that only over HTTPS, or on this computer itself.',
      next: 'Open the channel by an address that begins with https://.',
    },
    unsupported: {
      title: `This browser gives pages no ${noun}.`,
      cause: 'It lacks the interface, or the interface is switched off.',
      next: 'Use a current Firefox, Chrome, Edge or Safari.',
    },
  };
}

/**
 * @param {Browser} browser
 * @param {string} them
 * @returns {string}
 */
function whereToAllow({ kind, system }, them) {
  if (system === 'ios') {
    return kind === 'safari'
      ? `Tap the page symbol in the address bar, Website Settings, and allow ${them}.`
      : `Open the device's Settings, choose your browser and allow ${them}.`;
  }
  if (system === 'android') {
    return kind === 'firefox'
      ? `Tap the lock beside the address and allow ${them}.`
      : `Tap the symbol left of the address, Permissions, and allow ${them}.`;
  }
  switch (kind) {
    case 'chromium':
      return `Click the symbol left of the address and allow ${them}.`;
    case 'firefox':
      return 'Click the crossed-out symbol left of the address and clear “Blocked”.';
    case 'safari':
      return `Open the Safari menu, Settings for This Website, and allow ${them}.`;
    default:
      return `Open the site's permissions beside the address and allow ${them}.`;
  }
}

/**
 * @param {Browser} browser
 * @returns {string} Firefox keeps a refusal until the mark of it is cleared.
 */
function ifNoQuestion({ kind, system }) {
  return kind === 'firefox' && system !== 'android'
    ? ' If no question comes, clear “Blocked” left of the address.'
    : '';
}

/**
 * @param {Browser} browser
 * @param {string} them
 * @returns {string}
 */
function whereTheSystemAllows({ system }, them) {
  switch (system) {
    case 'mac':
      return `In System Settings, Privacy & Security, allow your browser ${them}.`;
    case 'windows':
      return `In Settings, Privacy & security, allow apps ${them}.`;
    case 'android':
    case 'ios':
      return `In the device's Settings, allow your browser ${them}.`;
    default:
      return `In the system's privacy settings, allow your browser ${them}.`;
  }
}

/**
 * @param {Browser} browser
 * @returns {Record<string, Failure>}
 */
function screenWords({ system }) {
  const allowed =
    system === 'mac'
      ? 'Allow the browser under Privacy & Security, Screen Recording, then press Share again.'
      : 'Press Share again and choose what to show.';
  const another = 'Choose another window or the whole screen.';
  return {
    screen_denied: {
      title: 'The screen is not shared.',
      cause: 'Sharing was cancelled, or the system does not let the browser record the screen.',
      next: allowed,
      again: true,
    },
    screen_dismissed: {
      title: 'The screen is not shared.',
      cause: 'Sharing was cancelled.',
      next: 'Press Share again and choose what to show.',
      again: true,
    },
    screen_system: {
      title: 'Your system blocks sharing the screen.',
      cause: 'The browser itself has no permission to record it.',
      next: allowed,
      again: true,
    },
    screen_policy: {
      title: 'The screen may not be shared here.',
      cause: 'A rule of your organisation, or of a page around this one, forbids it.',
      next: 'Open the channel in a tab of its own, or ask whoever manages this computer.',
    },
    screen_missing: {
      title: 'There was nothing to share.',
      cause: 'The browser found no screen or window to record.',
      next: 'Open what you want to show, then press Share again.',
      again: true,
    },
    screen_unfit: {
      title: 'This cannot be shared.',
      cause: 'The browser cannot record what was chosen.',
      next: another,
      again: true,
    },
    screen_busy: {
      title: 'The screen could not be shared.',
      cause: 'The system refused to record it.',
      next: another,
      again: true,
    },
    screen_failed: {
      title: 'The screen could not be shared.',
      cause: 'The browser gave no reason.',
      next: another,
      again: true,
    },
    screen_lost: {
      title: 'Sharing the screen has stopped.',
      cause: 'The window was closed, or the system ended the recording.',
      next: 'Press Share to show something else.',
      again: true,
    },
    screen_insecure: {
      title: 'This page may not share the screen.',
      cause: 'Browsers allow that only over HTTPS, or on this computer itself.',
      next: 'Open the channel by an address that begins with https://.',
    },
    screen_unsupported: {
      title: 'This browser cannot share the screen.',
      cause: 'Browsers on phones do not offer it.',
      next: 'Join from a computer to share.',
    },
  };
}
