/**
 * Run inside the page under test: what a video element shows and what a track sounds like.
 * The file is one expression, an object of functions.
 */
({
  /** @returns {{r: number, g: number, b: number, width: number, height: number, frames: number} | null} */
  picture(/** @type {HTMLVideoElement | null} */ video) {
    if (!video || video.readyState < 2 || video.videoWidth === 0) return null;
    const canvas = document.createElement('canvas');
    canvas.width = 32;
    canvas.height = 18;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) return null;
    context.drawImage(video, 0, 0, 32, 18);
    // The middle: the moving square of the fake camera is at the top.
    const { data } = context.getImageData(8, 6, 16, 8);
    const sum = [0, 0, 0];
    for (let index = 0; index < data.length; index += 4) {
      for (let channel = 0; channel < 3; channel += 1) sum[channel] += data[index + channel];
    }
    const pixels = data.length / 4;
    const [r, g, b] = sum.map((value) => Math.round(value / pixels));
    return {
      r,
      g,
      b,
      width: video.videoWidth,
      height: video.videoHeight,
      frames: video.getVideoPlaybackQuality().totalVideoFrames,
    };
  },

  /**
   * The loudest frequency over a time, and how loud: the share of full scale (1000 is a
   * full-scale sine, 0 is silence). Recorded and decoded rather than played, so that it
   * needs neither a click nor a sound card.
   * @returns {Promise<{hertz: number, level: number}>}
   */
  async sound(/** @type {MediaStream | null} */ stream, /** @type {number} */ milliseconds) {
    if (!stream || stream.getAudioTracks().length === 0) return { hertz: 0, level: 0 };
    const recorder = new MediaRecorder(new MediaStream(stream.getAudioTracks()));
    /** @type {Blob[]} */
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start();
    setTimeout(() => recorder.stop(), milliseconds);
    await stopped;
    const recorded = await new Blob(parts).arrayBuffer();
    if (recorded.byteLength === 0) return { hertz: 0, level: 0 };
    const rate = 16_000;
    const decoded = await new OfflineAudioContext(1, rate, rate).decodeAudioData(recorded);
    const samples = decoded.getChannelData(0);
    const size = 1600; // 100 ms: bins of 10 Hz
    const best = { hertz: 0, level: 0 };
    for (let start = 0; start + size <= samples.length; start += size) {
      for (let hertz = 200; hertz <= 3000; hertz += 10) {
        // Goertzel's algorithm with a Hann window.
        const turn = 2 * Math.cos((2 * Math.PI * hertz) / rate);
        let before = 0;
        let last = 0;
        for (let index = 0; index < size; index += 1) {
          const hann = 1 - Math.cos((2 * Math.PI * index) / size);
          const next = samples[start + index] * hann + turn * last - before;
          before = last;
          last = next;
        }
        const power = last * last + before * before - turn * last * before;
        const level = Math.round((1000 * 2 * Math.sqrt(Math.max(0, power))) / size);
        if (level > best.level) {
          best.level = level;
          best.hertz = hertz;
        }
      }
    }
    return best;
  },
});
