/**
 * Which browser this is, only to say where its buttons are. Nothing is switched on or off
 * by it: what a browser can do is asked of the browser.
 *
 * @typedef {'chromium' | 'firefox' | 'safari' | 'other'} Kind
 * @typedef {'mac' | 'windows' | 'android' | 'ios' | 'other'} System
 * @typedef {{ kind: Kind, system: System }} Browser
 */

/**
 * @param {{ userAgent?: string, maxTouchPoints?: number }} navigator
 * @returns {Browser}
 */
export function browserOf({ userAgent = '', maxTouchPoints = 0 }) {
  return { kind: kindOf(userAgent), system: systemOf(userAgent, maxTouchPoints) };
}

/**
 * @param {string} userAgent
 * @returns {Kind}
 */
function kindOf(userAgent) {
  // On an iPhone every browser is built on Safari's engine but keeps its own settings.
  if (/CriOS|FxiOS|EdgiOS|OPT\//u.test(userAgent)) {
    return 'other';
  }
  if (/Firefox\//u.test(userAgent)) {
    return 'firefox';
  }
  if (/Chrom(e|ium)\//u.test(userAgent)) {
    return 'chromium';
  }
  return /Safari\//u.test(userAgent) ? 'safari' : 'other';
}

/**
 * @param {string} userAgent
 * @param {number} maxTouchPoints
 * @returns {System}
 */
function systemOf(userAgent, maxTouchPoints) {
  if (/iPhone|iPad|iPod/u.test(userAgent)) {
    return 'ios';
  }
  if (/Android/u.test(userAgent)) {
    return 'android';
  }
  if (/Macintosh/u.test(userAgent)) {
    // An iPad says that it is a Mac; no Mac has a touch screen.
    return maxTouchPoints > 1 ? 'ios' : 'mac';
  }
  return /Windows/u.test(userAgent) ? 'windows' : 'other';
}
