/**
 * Why a camera, microphone or screen cannot be had, as one word. Browsers answer a closed
 * question, a standing refusal, a refusal of the system and a policy of the page all with
 * `NotAllowedError`; what to do next differs for each.
 *
 * @typedef {"denied" | "dismissed" | "system" | "policy" | "missing" | "unfit" | "busy"
 *   | "unsupported" | "insecure" | "lost" | "failed"} Reason
 * @typedef {"microphone" | "camera" | "screen"} Device
 *
 * @typedef {object} Clues What tells one refusal from another, where the browser has it.
 * @property {(device: Device) => Promise<string | null>} permission `granted`, `denied`,
 *   `prompt`; null: the browser does not say.
 * @property {(device: Device) => boolean} allowedByPolicy
 */

/** Every reason that there is. @type {readonly Reason[]} */
export const REASONS = [
  'denied',
  'dismissed',
  'system',
  'policy',
  'missing',
  'unfit',
  'busy',
  'unsupported',
  'insecure',
  'lost',
  'failed',
];
/** @type {Record<string, Reason>} */
const BY_NAME = {
  NotFoundError: 'missing',
  DevicesNotFoundError: 'missing',
  OverconstrainedError: 'unfit',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
  AbortError: 'busy',
  InvalidStateError: 'failed',
  NotSupportedError: 'unsupported',
};
const REFUSALS = new Set(['NotAllowedError', 'PermissionDeniedError', 'SecurityError']);

/**
 * @param {unknown} error
 * @param {Device} device
 * @param {Clues} clues
 * @returns {Promise<Reason>}
 */
export async function reasonOf(error, device, clues) {
  const name = error instanceof Error ? error.name : '';
  if (!REFUSALS.has(name)) return BY_NAME[name] ?? 'failed';
  const { message } = /** @type {Error} */ (error);
  // Chromium alone says more in the text; a text that says nothing decides nothing.
  if (/by system/iu.test(message)) return 'system';
  if (!clues.allowedByPolicy(device)) return 'policy';
  if (/dismissed/iu.test(message)) return 'dismissed';
  const state = await clues.permission(device);
  return state === 'prompt' && device !== 'screen' ? 'dismissed' : 'denied';
}

/**
 * Busy devices, and cameras of phones that can be opened only one at a time, may open once
 * the one that runs is let go.
 *
 * @param {unknown} error
 * @returns {boolean}
 */
export function isBusy(error) {
  return error instanceof Error && BY_NAME[error.name] === 'busy';
}

/** @returns {Clues} Those of the real page. */
export function pageClues() {
  return {
    permission: async (device) => {
      try {
        const name = /** @type {PermissionName} */ (/** @type {unknown} */ (device));
        return (await navigator.permissions.query({ name })).state;
      } catch {
        return null;
      }
    },
    allowedByPolicy: (device) => {
      const { featurePolicy } = /** @type {{ featurePolicy?: any }} */ (
        /** @type {unknown} */ (globalThis.document ?? {})
      );
      const feature = device === 'screen' ? 'display-capture' : device;
      return featurePolicy?.allowsFeature(feature) ?? true;
    },
  };
}
