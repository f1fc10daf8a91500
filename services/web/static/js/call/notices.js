/**
 * The two lists that an event adds to: notices are drawn, announcements are spoken.
 *
 * @typedef {import('./types.js').CallState} CallState
 */

/** More would cover the call; the oldest gives way. */
const NOTICES = 4;
/** Older ones were spoken long ago. */
const ANNOUNCEMENTS = 20;

/**
 * A notice of a code that is shown already takes its place instead of standing beside it.
 *
 * @param {CallState} state
 * @param {string} code
 * @param {string | null} [name]
 * @returns {CallState}
 */
export function withNotice(state, code, name = null) {
  const others = state.notices.filter((each) => each.code !== code || each.name !== name);
  const notice = { id: state.nextId, code, name };
  return { ...state, nextId: state.nextId + 1, notices: [...others, notice].slice(-NOTICES) };
}

/**
 * @param {CallState} state
 * @param {...string} codes
 * @returns {CallState}
 */
export function withoutNotices(state, ...codes) {
  const notices = state.notices.filter((notice) => !codes.includes(notice.code));
  return notices.length === state.notices.length ? state : { ...state, notices };
}

/**
 * @param {CallState} state
 * @param {string} code
 * @param {{ name?: string | null, text?: string | null }} [what]
 * @returns {CallState}
 */
export function withAnnouncement(state, code, { name = null, text = null } = {}) {
  const said = { id: state.nextId, code, name, text };
  return {
    ...state,
    nextId: state.nextId + 1,
    announcements: [...state.announcements, said].slice(-ANNOUNCEMENTS),
  };
}
