/**
 * What the browser tells of the world around the page: network, visibility, going away.
 *
 * A hidden page that is loaded again, and a page that the browser kept in its
 * back-forward cache, look like a lost connection; neither is a hang-up.
 */

/**
 * @typedef {object} Surroundings
 * @property {EventTarget} window
 * @property {EventTarget & { visibilityState: string }} document
 * @property {EventTarget | null} connection `navigator.connection`, where there is one.
 * @property {() => boolean} isOnline
 *
 * @typedef {object} Listeners
 * @property {(online: boolean) => void} network
 * @property {() => void} changed Another network, perhaps; connections must be tried at once.
 * @property {() => void} visible
 * @property {() => void} touched Somebody is at the page.
 */

/**
 * @param {Surroundings} around
 * @param {Listeners} on
 * @param {AbortSignal} signal Ends all listening.
 */
export function watch({ window, document, connection, isOnline }, on, signal) {
  const options = { signal };
  on.network(isOnline());
  window.addEventListener(
    'online',
    () => {
      on.network(true);
      on.changed();
    },
    options,
  );
  window.addEventListener('offline', () => on.network(false), options);
  window.addEventListener(
    'pageshow',
    (event) => {
      if (/** @type {PageTransitionEvent} */ (event).persisted) {
        on.changed();
      }
    },
    options,
  );
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') {
        on.visible();
      }
    },
    options,
  );
  for (const type of ['pointerdown', 'pointermove', 'keydown']) {
    window.addEventListener(type, () => on.touched(), { signal, passive: true });
  }
  connection?.addEventListener('change', () => on.changed(), options);
}

/**
 * @returns {Surroundings} Those of the real page.
 */
export function pageSurroundings() {
  const { connection } = /** @type {{ connection?: EventTarget }} */ (navigator);
  return { window, document, connection: connection ?? null, isOnline: () => navigator.onLine };
}
