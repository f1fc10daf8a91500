/**
 * Full screen, for the page and for one tile. Phones of Apple know it for videos only.
 *
 * @typedef {HTMLVideoElement & { webkitEnterFullscreen?: () => void }} AppleVideo
 */

/**
 * @param {HTMLElement} element
 * @returns {boolean}
 */
export function canFill(element) {
  const video = /** @type {AppleVideo | null} */ (element.querySelector('video'));
  return document.fullscreenEnabled === true || video?.webkitEnterFullscreen !== undefined;
}

/**
 * @param {HTMLElement} element It fills the screen, or the screen is given back.
 * @returns {Promise<boolean>} False: the browser refused.
 */
export async function toggleFill(element) {
  try {
    if (document.fullscreenElement === element) {
      await document.exitFullscreen();
    } else if (document.fullscreenEnabled) {
      await element.requestFullscreen();
    } else {
      /** @type {AppleVideo | null} */ (element.querySelector('video'))?.webkitEnterFullscreen?.();
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {() => void} changed
 * @param {AbortSignal} signal
 */
export function onFullscreen(changed, signal) {
  document.addEventListener('fullscreenchange', changed, { signal });
}
