/**
 * How much is sent to each of how many people.
 *
 * In a mesh each copy is encoded and sent on its own, so size, rate and bitrate go down as
 * people come in. Faces keep their frame rate, screens their sharpness. The rungs are those
 * of the design's numbers; a processor that cannot follow takes the next lower one.
 */

/** @typedef {{ height: number, fps: number, bps: number }} Rung */

/** @type {readonly Rung[]} */
const CAMERA = [
  { height: 720, fps: 30, bps: 2_500_000 },
  { height: 540, fps: 30, bps: 900_000 },
  { height: 360, fps: 30, bps: 600_000 },
  { height: 270, fps: 20, bps: 300_000 },
  { height: 180, fps: 15, bps: 150_000 },
];
export const AUDIO_BPS = 40_000;
const SCREEN_AUDIO_BPS = 96_000;
const SCREEN_TOTAL_BPS = 2_500_000;
const SCREEN_MIN_BPS = 400_000;
const SCREEN_FPS = 15;

const CPU_DOWN_MS = 5_000;
const CPU_UP_MS = 20_000;

/**
 * @param {number} people in the call, this one included
 * @param {number} [lower] rungs to go down from there
 * @returns {Rung}
 */
export function cameraRung(people, lower = 0) {
  const rung = people <= 2 ? 0 : people === 3 ? 1 : people === 4 ? 2 : people <= 6 ? 3 : 4;
  return /** @type {Rung} */ (CAMERA[Math.min(rung + lower, CAMERA.length - 1)]);
}

/**
 * @typedef {object} Plan
 * @property {number} maxBitrate
 * @property {number} [maxFramerate]
 * @property {number} [scaleResolutionDownBy]
 * @property {boolean} [active]
 * @property {RTCPriorityType} [priority]
 * @property {"maintain-framerate" | "maintain-resolution"} [preference]
 */

/**
 * @param {object} options
 * @param {import("./slots.js").Source} options.source
 * @param {number} options.people
 * @param {number} [options.lower]
 * @param {number} [options.height] of what the track captures
 * @param {number | null} [options.capBps] what the governor leaves this source
 * @param {boolean} [options.active] whether to send it at all
 * @returns {Plan}
 */
export function planFor({ source, people, lower = 0, height = 720, capBps = null, active = true }) {
  if (source === 'audio') return { maxBitrate: AUDIO_BPS, priority: 'high' };
  if (source === 'screenAudio') return { maxBitrate: SCREEN_AUDIO_BPS };
  if (source === 'screen') {
    const share = SCREEN_TOTAL_BPS / Math.max(1, people - 1);
    return {
      active,
      maxBitrate: Math.round(Math.min(Math.max(SCREEN_MIN_BPS, share), capBps ?? share)),
      maxFramerate: SCREEN_FPS,
      scaleResolutionDownBy: 1,
      preference: 'maintain-resolution',
    };
  }
  const rung = cameraRung(people, lower);
  return {
    active,
    maxBitrate: Math.round(Math.min(rung.bps, capBps ?? rung.bps)),
    maxFramerate: rung.fps,
    scaleResolutionDownBy: Math.max(1, height / rung.height),
    preference: 'maintain-framerate',
  };
}

/** One rung down after 5 s of a processor at its limit, one up after 20 s without. */
export class CpuGuard {
  #lower = 0;
  #since = 0;
  #limited = false;

  get lower() {
    return this.#lower;
  }

  /**
   * @param {boolean} limited
   * @param {number} now milliseconds
   * @returns {boolean} whether the rung changed
   */
  observe(limited, now) {
    if (limited !== this.#limited) {
      this.#limited = limited;
      this.#since = now;
      return false;
    }
    const before = this.#lower;
    if (limited && now - this.#since >= CPU_DOWN_MS) this.#lower = Math.min(before + 1, 4);
    else if (!limited && now - this.#since >= CPU_UP_MS) this.#lower = Math.max(before - 1, 0);
    if (this.#lower === before) return false;
    this.#since = now;
    return true;
  }
}

/** @type {WeakMap<RTCRtpSender, string>} */
const applied = new WeakMap();

/**
 * @param {RTCRtpSender} sender
 * @param {Plan} plan
 */
export async function applyPlan(sender, plan) {
  const wanted = JSON.stringify(plan);
  // Not read back: a browser leaves out what it does not know.
  if (applied.get(sender) === wanted) return;
  const parameters = sender.getParameters();
  const encoding = parameters.encodings?.[0];
  if (!encoding) return;
  const { preference, ...limits } = plan;
  Object.assign(encoding, limits);
  if (preference) Reflect.set(parameters, 'degradationPreference', preference);
  applied.set(sender, wanted);
  // A negotiation in between invalidates the parameters; the next round sets them.
  await sender.setParameters(parameters).catch(() => applied.delete(sender));
}
