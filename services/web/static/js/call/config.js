/**
 * What the server tells the call page, parsed once from `#call-config`.
 *
 * @typedef {object} CallConfig
 * @property {string} roomId
 * @property {string} slug
 * @property {string} wsUrl Absolute, ws: or wss:.
 * @property {string | null} ticket
 * @property {string} ticketExpiresAt ISO 8601; empty: not known.
 * @property {string} ticketUrl
 * @property {string} name Empty: not known yet.
 * @property {boolean} needsName The person has to choose one (guests).
 * @property {boolean} signedIn
 * @property {string} roomName
 * @property {import('./types.js').Role} role
 * @property {string} shareUrl
 * @property {string | null} settingsUrl
 * @property {string} csrfToken
 * @property {boolean} turnConfigured
 * @property {string[]} features
 * @property {boolean} relayOnly Media goes through the relay alone, which hides this address.
 */

/**
 * @param {unknown} raw Parsed JSON.
 * @param {URL} page
 * @returns {CallConfig}
 * @throws {TypeError} when the server left out what a call needs.
 */
export function parseConfig(raw, page) {
  if (typeof raw !== 'object' || raw === null) {
    throw new TypeError('call-config is not an object');
  }
  const fields = new Map(Object.entries(raw));
  /** @param {string} key */
  const text = (key) => {
    const value = fields.get(key);
    if (typeof value !== 'string' || value === '') {
      throw new TypeError(`call-config.${key} is missing`);
    }
    return value;
  };
  /** @param {string} key */
  const optional = (key) => (fields.get(key) == null ? '' : text(key));
  const role = optional('role');
  const features = fields.get('features');
  return {
    roomId: text('roomId'),
    slug: text('slug'),
    wsUrl: socketUrl(text('wsUrl'), page),
    ticket: optional('ticket') || null,
    ticketExpiresAt: optional('ticketExpiresAt'),
    ticketUrl: new URL(text('ticketUrl'), page).href,
    name: optional('name'),
    needsName: fields.get('needsName') === true,
    signedIn: fields.get('signedIn') === true,
    roomName: text('roomName'),
    role: role === 'owner' || role === 'member' ? role : 'guest',
    shareUrl: new URL(text('shareUrl'), page).href,
    settingsUrl: optional('settingsUrl') || null,
    csrfToken: optional('csrfToken'),
    turnConfigured: fields.get('turnConfigured') !== false,
    features: Array.isArray(features) ? features.filter((each) => typeof each === 'string') : [],
    relayOnly: page.searchParams.has('relay'),
  };
}

/**
 * @param {string} given
 * @param {URL} page
 * @returns {string}
 */
function socketUrl(given, page) {
  const url = new URL(given, page);
  if (url.protocol === 'http:' || url.protocol === 'https:') {
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  }
  return url.href;
}

/**
 * @param {Document} page
 * @returns {CallConfig}
 */
export function readConfig(page) {
  const text = page.getElementById('call-config')?.textContent ?? 'null';
  return parseConfig(JSON.parse(text), new URL(page.location.href));
}
