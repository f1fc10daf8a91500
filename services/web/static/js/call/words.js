/**
 * What people read and hear, keyed by code: one table for failures, one for events.
 *
 * A failure has a plain sentence, its cause and the next step. Codes are those of
 * the signalling protocol (signaling/protocol/errors.py), of the devices
 * (rtc/media.js) and a few of this page; a test checks that none is missing.
 *
 * @typedef {object} Failure
 * @property {string} title One plain sentence: what happened.
 * @property {string} cause Why.
 * @property {string} next What the person can do.
 * @property {boolean} [again] Whether trying again can help.
 */

import { browserOf } from './browser.js';
import { deviceWords } from './device-words.js';

const BUG = 'This is a fault in Traverse, not something you did.';
const RELOAD = 'Reload the page. If it happens again, tell whoever runs this server.';
const BUSY = 'The server or its database is restarting or overloaded.';
const BY_ITSELF = 'Nothing to do: Traverse keeps trying and the call goes on where it can.';

/** @satisfies {Record<string, Failure>} */
const PROTOCOL = {
  bad_message: {
    title: 'The server did not understand this page.',
    cause: BUG,
    next: RELOAD,
    again: true,
  },
  unknown_type: {
    title: 'The server does not know what this page asked for.',
    cause: 'The page and the server are of different versions.',
    next: RELOAD,
    again: true,
  },
  too_large: { title: 'A message was too large to send.', cause: BUG, next: RELOAD, again: true },
  rate_limited: {
    title: 'That was too quick.',
    cause: 'The server takes only so many messages in a few seconds.',
    next: 'Wait a moment, then try again.',
  },
  flood: {
    title: 'The server closed the connection.',
    cause: 'This page sent far too many messages in a short time.',
    next: 'Wait a minute, then join again.',
    again: true,
  },
  slow_reader: {
    title: 'Your connection could not keep up.',
    cause: 'Messages from the server were not taken in time.',
    next: BY_ITSELF,
    again: true,
  },
  hello_timeout: {
    title: 'Connecting took too long.',
    cause: 'The page did not introduce itself to the server in time.',
    next: BY_ITSELF,
    again: true,
  },
  hello_expected: {
    title: 'The page and the server disagreed.',
    cause: BUG,
    next: RELOAD,
    again: true,
  },
  unsupported_version: {
    title: 'This page is out of date.',
    cause: 'The server was updated while the page was open.',
    next: 'Reload the page to get the new version.',
    again: true,
  },
  unauthenticated: {
    title: 'You are signed out.',
    cause: 'Your session ended, or you signed out in another tab.',
    next: 'Sign in again, then open the channel.',
    again: true,
  },
  ticket_invalid: {
    title: 'Your way in has run out.',
    cause: 'The pass for this channel expired or does not fit it.',
    next: 'Join again to get a new one.',
    again: true,
  },
  resume_refused: {
    title: 'Your place could not be taken up again.',
    cause: 'The connection was away for too long.',
    next: 'Join again.',
    again: true,
  },
  forbidden: {
    title: 'This channel is for people with an account.',
    cause: 'Its owner lets only signed-in people enter.',
    next: 'Sign in, or ask the owner to let guests in.',
  },
  name_required: {
    title: 'Tell the others who you are.',
    cause: 'People without an account need a name to enter.',
    next: 'Type your name, then join.',
    again: true,
  },
  name_invalid: {
    title: 'This name cannot be used.',
    cause: 'It is empty, too long, or has no visible letters.',
    next: 'Choose a name of at most 64 characters.',
    again: true,
  },
  text_invalid: {
    title: 'The message was not sent.',
    cause: 'Nothing visible was left of its text.',
    next: 'Write it again with letters, numbers or emoji.',
  },
  room_not_found: {
    title: 'There is no such channel.',
    cause: 'The link is incomplete, or the channel was deleted.',
    next: 'Check the link with the person who sent it.',
  },
  room_expired: {
    title: 'This channel has expired.',
    cause: 'Its owner set a date after which nobody can enter.',
    next: 'Ask the owner for a new link.',
  },
  room_closed: {
    title: 'This channel was deleted.',
    cause: 'Its owner closed it.',
    next: 'Ask the owner for a new link.',
  },
  room_locked: {
    title: 'The channel is locked.',
    cause: 'Its owner lets nobody else in at the moment.',
    next: 'Ask the owner to unlock it, then join.',
    again: true,
  },
  room_full: {
    title: 'The channel is full.',
    cause: 'As many people are in the call as it can hold.',
    next: 'Try again when somebody has left.',
    again: true,
  },
  denied: {
    title: 'You were not let in.',
    cause: 'The owner answered no to your request.',
    next: 'Ask the owner in another way, then try again.',
    again: true,
  },
  removed: {
    title: 'You were removed from the call.',
    cause: 'The owner of the channel removed you.',
    next: 'Only the owner can let you in again.',
  },
  replaced: {
    title: 'The call goes on in another tab.',
    cause: 'Your place was taken over by a newer tab or window.',
    next: 'Close this tab, or join from here instead.',
    again: true,
  },
  left: {
    title: 'You left the call.',
    cause: 'The others can go on without you.',
    next: 'You can join again at any time.',
    again: true,
  },
  already_joined: {
    title: 'You are in this call already.',
    cause: 'The page asked twice to enter.',
    next: BY_ITSELF,
  },
  not_joined: {
    title: 'You are not in the call yet.',
    cause: 'This can be done only by people in the call.',
    next: 'Join first.',
    again: true,
  },
  not_owner: {
    title: 'Only the owner can do this.',
    cause: 'The channel belongs to somebody else.',
    next: 'Ask the owner.',
  },
  peer_gone: {
    title: 'This person has left.',
    cause: 'They hung up or lost their connection.',
    next: 'Nothing to do.',
  },
  restart: {
    title: 'The server is restarting.',
    cause: 'It is being updated.',
    next: BY_ITSELF,
    again: true,
  },
  unavailable: {
    title: 'A part of the server is away.',
    cause: BUSY,
    next: BY_ITSELF,
    again: true,
  },
  internal: {
    title: 'The server failed.',
    cause: `${BUG} It was reported.`,
    next: BY_ITSELF,
    again: true,
  },
};

/** @satisfies {Record<string, Failure>} */
const PAGE = {
  unknown: {
    title: 'The call has ended.',
    cause: 'The server gave a reason that this page does not know.',
    next: RELOAD,
    again: true,
  },
  script_failed: { title: 'Something on this page broke.', cause: BUG, next: RELOAD, again: true },
  ticket_failed: {
    title: 'The server did not let this page in.',
    cause: 'It could not be reached, or it refused to give out a pass.',
    next: 'Check your connection, then try again.',
    again: true,
  },
  chat_too_long: {
    title: 'The message is too long.',
    cause: 'A message holds at most 4 kilobytes of text.',
    next: 'Send it in parts.',
  },
  chat_waits: {
    title: 'The message was not sent.',
    cause: 'Many of yours still wait for a connection.',
    next: 'Your text is still in the box. Send it when the others have gone.',
  },
  not_connected: {
    title: 'That did not reach the server.',
    cause: 'The connection to the server is down.',
    next: 'Try again when it is back.',
  },
  fullscreen_failed: {
    title: 'The browser did not go full screen.',
    cause: 'It refused, or the page is inside another one.',
    next: 'Use the full screen key of your browser, usually F11.',
  },
  pip_failed: {
    title: 'The small window could not be opened.',
    cause: 'The browser refused, or there is no picture to show in it.',
    next: 'Try again when somebody has a camera on.',
    again: true,
  },
  copy_failed: {
    title: 'Nothing was copied.',
    cause: 'The browser does not let this page use the clipboard.',
    next: 'Copy the link from the address bar.',
  },
};

/** @type {Readonly<Record<string, Failure>>} */
export const FAILURES = Object.freeze({
  ...PROTOCOL,
  ...deviceWords(browserOf(globalThis.navigator ?? {})),
  ...PAGE,
});

/**
 * @param {string} code
 * @returns {Failure}
 */
export function failure(code) {
  return Object.hasOwn(FAILURES, code) ? /** @type {Failure} */ (FAILURES[code]) : PAGE.unknown;
}

/** What is said or shown when something happens; `name` is the person, `text` what they wrote. */
/** @type {Readonly<Record<string, (name: string, text: string) => string>>} */
export const EVENTS = Object.freeze({
  you_joined: (_name, text) => (text === '' ? 'You are in the call.' : `You are in. ${text}`),
  waiting: () => 'You asked to come in. The owner will answer.',
  peer_joined: (name) => `${name} joined.`,
  peer_left: (name) => `${name} left.`,
  peer_absent: (name) => `${name} lost the connection.`,
  peer_back: (name) => `${name} is back.`,
  peer_removed: (name) => `${name} was removed.`,
  knock: (name) => `${name} asks to come in.`,
  hand_raised: (name) => `${name} raised a hand.`,
  chat: (name, text) => `${name} says: ${text}`,
  link_failed: (name) => `No connection to ${name}. Trying again.`,
  link_reconnecting: (name) => `The connection to ${name} is interrupted. Trying again.`,
  muted_speech: () => 'You are muted. The others do not hear you.',
  microphone_changed: (name) => `The microphone was taken away. Using ${name} now.`,
  camera_changed: (name) => `The camera was taken away. Using ${name} now.`,
  asked_to_mute: (name) => `${name} asks you to mute your microphone.`,
  link_copied: () => 'The link was copied.',
  stats_copied: () => 'The numbers were copied.',
  pinned: (name) => `Pinned: ${name}.`,
  unpinned: () => 'Nothing is pinned.',
  self_hidden: () => 'Your own picture is hidden from you. The others still see it.',
  self_shown: () => 'Your own picture is shown.',
  layout_auto: () => 'Everybody has the same room.',
  layout_speaker: () => 'Whoever speaks is shown large.',
  shortcuts_on: () => 'Keyboard shortcuts are on.',
  shortcuts_off: () => 'Keyboard shortcuts are off.',
  status_online: () => 'Connected again.',
  status_reconnecting: () => 'The connection to the server is lost. Reconnecting.',
  status_offline: () => 'You are offline.',
  self_audio_on: () => 'Microphone on.',
  self_audio_off: () => 'Microphone muted.',
  self_video_on: () => 'Camera on.',
  self_video_off: () => 'Camera off.',
  self_screen_on: () => 'You are sharing your screen.',
  self_screen_off: () => 'You stopped sharing your screen.',
  self_hand_on: () => 'Your hand is raised.',
  self_hand_off: () => 'Your hand is lowered.',
});

/**
 * @param {{ code: string, name: string | null, text?: string | null }} what
 * @returns {string} A sentence, for an event or for a failure.
 */
export function sentence({ code, name, text = null }) {
  const event = Object.hasOwn(EVENTS, code) ? EVENTS[code] : undefined;
  return event ? event(name ?? 'Somebody', text ?? '') : failure(code).title;
}

/** @type {Record<import('./types.js').Status, string>} */
export const STATUS_WORDS = {
  online: 'Connected',
  reconnecting: 'Reconnecting…',
  offline: 'Offline',
};

/** @type {Record<import('./types.js').Path, string>} */
export const PATH_WORDS = {
  host: 'Direct',
  srflx: 'Direct',
  'relay/udp': 'Relayed over UDP',
  'relay/tcp': 'Relayed over TCP',
  'relay/tls': 'Relayed over TLS 443',
};

/**
 * @param {import('./types.js').Link} link
 * @returns {string} How a link goes, for its chip.
 */
export function linkWords(link) {
  switch (link.state) {
    case 'connected':
      return link.path ? PATH_WORDS[link.path] : 'Connected';
    case 'reconnecting':
      return 'Reconnecting…';
    case 'failed':
      return 'No connection';
    case 'closed':
      return 'Gone';
    default:
      return 'Connecting…';
  }
}

/**
 * @param {import('./types.js').Link} link
 * @returns {string} Round trip and loss; empty while nothing was measured.
 */
export function qualityWords({ rttMs, loss }) {
  const parts = [];
  if (rttMs !== null) {
    parts.push(`${Math.round(rttMs)} ms`);
  }
  if (loss !== null && loss >= 0.005) {
    parts.push(`${Math.round(loss * 100)} % loss`);
  }
  return parts.join(', ');
}
