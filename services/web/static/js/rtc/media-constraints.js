/**
 * What is asked of a microphone, a camera and a screen. A chosen device that is gone must
 * not keep anybody out: everything is a wish (`ideal`), nothing a demand.
 *
 * @typedef {{ noiseSuppression: boolean, echoCancellation: boolean, autoGainControl: boolean }} Processing
 */

/** @type {Processing} */
export const PROCESSING = {
  noiseSuppression: true,
  echoCancellation: true,
  autoGainControl: true,
};

const VIDEO = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};

/**
 * The sound of a screen is music and films as often as speech, so it is left as it is.
 * This page is no use to share: it shows itself for ever.
 */
export const SCREEN = /** @type {DisplayMediaStreamOptions} */ ({
  video: { frameRate: { max: 15 } },
  audio: { noiseSuppression: false, echoCancellation: false, autoGainControl: false },
  selfBrowserSurface: 'exclude',
  surfaceSwitching: 'include',
  systemAudio: 'include',
});

/**
 * @param {Processing} processing
 * @param {string | null} deviceId
 * @returns {MediaTrackConstraints}
 */
export function microphoneConstraints(processing, deviceId) {
  return withDevice({ ...processing }, deviceId);
}

/**
 * @param {string | null} deviceId
 * @returns {MediaTrackConstraints}
 */
export function cameraConstraints(deviceId) {
  return withDevice(VIDEO, deviceId);
}

/**
 * @param {MediaTrackConstraints} base
 * @param {string | null} deviceId
 * @returns {MediaTrackConstraints}
 */
function withDevice(base, deviceId) {
  return deviceId ? { ...base, deviceId: { ideal: deviceId } } : base;
}
