/**
 * Shows a track in a media element, and lets go of it.
 */

/**
 * @param {HTMLMediaElement} element
 * @param {MediaStreamTrack | null} track
 * @returns {boolean} Whether the element got another track than it had.
 */
export function showTrack(element, track) {
  const stream = element.srcObject instanceof MediaStream ? element.srcObject : null;
  const shown = stream?.getTracks()[0] ?? null;
  if (shown === track) {
    return false;
  }
  element.srcObject = track === null ? null : new MediaStream([track]);
  return true;
}

/**
 * Muted video needs no permission to play; a refusal here is only a race with removal.
 *
 * @param {HTMLMediaElement} element
 */
export function playQuietly(element) {
  element.play().catch(() => {});
}
