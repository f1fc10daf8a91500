/**
 * Two soft notes, made on the spot, to hear which speaker is in use.
 */

const NOTES = [
  { hertz: 523.25, at: 0 },
  { hertz: 659.25, at: 0.22 },
];
const NOTE_S = 0.5;
const LOUD = 0.25;

/**
 * @param {object} options
 * @param {string} options.speaker Its id; empty: the system's.
 * @param {() => AudioContext} [options.createContext]
 * @param {() => HTMLAudioElement} [options.createElement]
 * @returns {Promise<boolean>} False: the speaker or the browser refused. Settles when all is
 *   closed again.
 */
export async function playTestSound({
  speaker,
  createContext = () => new AudioContext(),
  createElement = () => new Audio(),
}) {
  const context = createContext();
  const element = createElement();
  try {
    const output = context.createMediaStreamDestination();
    element.srcObject = output.stream;
    if (speaker !== '') {
      await element.setSinkId(speaker);
    }
    await context.resume();
    await element.play();
    await Promise.all(NOTES.map((note) => play(context, output, note)));
    return true;
  } catch {
    return false;
  } finally {
    element.srcObject = null;
    await context.close();
  }
}

/**
 * @param {AudioContext} context
 * @param {AudioNode} output
 * @param {{ hertz: number, at: number }} note `at`: seconds from now.
 * @returns {Promise<void>} When it has faded.
 */
function play(context, output, { hertz, at }) {
  const start = context.currentTime + at;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUD, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S);
  oscillator.connect(gain).connect(output);
  oscillator.start(start);
  oscillator.stop(start + NOTE_S);
  return new Promise((resolve) => {
    oscillator.onended = () => resolve();
  });
}
