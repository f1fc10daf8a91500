/**
 * Runs in the page before its own scripts: the screen that it may share is a canvas of one
 * colour, and its sound one tone. One expression: a function of both.
 *
 * From there on everything is the browser's own.
 */
(/** @type {{ rgb: [number, number, number], tone: number }} */ { rgb, tone }) => {
  const { mediaDevices } = navigator;
  if (!mediaDevices) return;

  const paint = () => {
    const canvas = document.createElement('canvas');
    canvas.width = 1280;
    canvas.height = 720;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    let step = 0;
    setInterval(() => {
      context.fillStyle = `rgb(${rgb.join(',')})`;
      context.fillRect(0, 0, 1280, 720);
      context.fillStyle = '#fff';
      context.fillRect(8 + (step++ % 20) * 8, 8, 32, 32);
    }, 100);
    return canvas.captureStream(10).getVideoTracks()[0];
  };

  const hum = () => {
    const context = new AudioContext();
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const out = context.createMediaStreamDestination();
    oscillator.frequency.value = tone;
    gain.gain.value = 0.5;
    oscillator.connect(gain).connect(out);
    oscillator.start();
    return out.stream.getAudioTracks()[0];
  };

  mediaDevices.getDisplayMedia = async ({ audio = false } = {}) =>
    new MediaStream(audio ? [paint(), hum()] : [paint()]);
};
