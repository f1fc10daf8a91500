/**
 * Watches whether the call page starts. The page itself holds the words for when it does
 * not and shows them after a while, which needs no script at all; here they come at once
 * when the reason is known, and go when the page has started.
 *
 * Imports nothing and stands in front of `main.js`: it must run where that does not.
 */

const words = /** @type {HTMLElement | null} */ (document.getElementById('broken'));
const watching = new AbortController();

/** @param {'failed' | 'unsupported'} reason */
function show(reason) {
  watching.abort();
  words?.setAttribute('data-shown', reason);
}

/**
 * The page works from here on, and says itself what goes wrong. Whoever comes so far runs:
 * what failed before was a script of somebody else's, of an extension or a proxy.
 *
 * @returns {boolean} False: this browser cannot call, and the words say so.
 */
export function started() {
  if (!('RTCPeerConnection' in globalThis)) {
    return false;
  }
  watching.abort();
  words?.remove();
  return true;
}

if ('RTCPeerConnection' in globalThis) {
  // Capturing: a file that does not come is told to its element only.
  const options = { capture: true, signal: watching.signal };
  globalThis.addEventListener(
    'error',
    ({ target }) => {
      if (target === globalThis || target instanceof HTMLScriptElement) {
        show('failed');
      }
    },
    options,
  );
  globalThis.addEventListener('unhandledrejection', () => show('failed'), options);
} else {
  show('unsupported');
}
