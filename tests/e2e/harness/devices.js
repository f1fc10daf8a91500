/**
 * Runs in the page before its own scripts: devices that a test can plug in and pull out
 * beside those of the browser, and a count of every track that the page opens.
 *
 * A plugged camera is a canvas of one colour: from there on everything is the browser's own.
 */
(() => {
  const { mediaDevices } = navigator;
  if (!mediaDevices) return;
  const native = {
    getUserMedia: mediaDevices.getUserMedia.bind(mediaDevices),
    enumerateDevices: mediaDevices.enumerateDevices.bind(mediaDevices),
    clone: MediaStreamTrack.prototype.clone,
  };
  /** @type {Map<string, {label: string, colour: string}>} */
  const plugged = new Map();
  /** @type {Set<string>} */
  const pulled = new Set();
  /** @type {MediaStreamTrack[]} */
  const tracks = [];
  /** @type {(() => void)[]} */
  const painters = [];

  /** @param {MediaStreamTrack} track */
  const count = (track) => {
    tracks.push(track);
    return track;
  };

  /** @param {string} id @param {string} colour */
  const paint = (id, colour) => {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 360;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    let step = 0;
    const timer = setInterval(() => {
      context.fillStyle = colour;
      context.fillRect(0, 0, 640, 360);
      context.fillStyle = '#fff';
      context.fillRect(8 + (step++ % 20) * 8, 8, 32, 32);
    }, 50);
    painters.push(() => clearInterval(timer));
    const [track] = canvas.captureStream(20).getVideoTracks();
    const settings = track.getSettings();
    track.getSettings = () => ({ ...settings, deviceId: id });
    Object.defineProperty(track, 'label', { value: plugged.get(id)?.label });
    return track;
  };

  mediaDevices.getUserMedia = async (wanted = {}) => {
    const { exact, ideal } = /** @type {any} */ (wanted.video)?.deviceId ?? {};
    const id = [exact, ideal].find((each) => plugged.has(each));
    const none = wanted.video && id === undefined && pulled.has('camera');
    if (none) throw new DOMException('Requested device not found', 'NotFoundError');
    if (id === undefined) {
      const stream = await native.getUserMedia(wanted);
      stream.getTracks().forEach(count);
      return stream;
    }
    const stream = wanted.audio
      ? await native.getUserMedia({ audio: wanted.audio })
      : new MediaStream();
    stream.addTrack(paint(id, plugged.get(id)?.colour ?? '#000'));
    stream.getTracks().forEach(count);
    return stream;
  };

  mediaDevices.enumerateDevices = async () => {
    const real = await native.enumerateDevices();
    const known = real.some(({ label }) => label !== '');
    const shown = real.filter(({ kind }) => !(kind === 'videoinput' && pulled.has('camera')));
    const extra = [...plugged].map(([deviceId, { label }]) => ({
      kind: 'videoinput',
      groupId: '',
      deviceId: known ? deviceId : '',
      label: known ? label : '',
    }));
    return /** @type {MediaDeviceInfo[]} */ ([...shown, ...extra]);
  };

  MediaStreamTrack.prototype.clone = function () {
    return count(native.clone.call(this));
  };

  /** @param {MediaStreamTrack} track */
  const end = (track) => {
    track.stop();
    track.dispatchEvent(new Event('ended'));
  };

  /** @type {any} */ (globalThis).testDevices = {
    /** @param {string} id @param {string} label @param {string} colour */
    plug(id, label, colour) {
      plugged.set(id, { label, colour });
      mediaDevices.dispatchEvent(new Event('devicechange'));
    },
    /** Takes the browser's own camera away. */
    pullOut() {
      pulled.add('camera');
      tracks.filter((each) => each.kind === 'video' && each.readyState === 'live').forEach(end);
      mediaDevices.dispatchEvent(new Event('devicechange'));
    },
    /** The system holds the picture back, or gives it back. @param {boolean} held */
    hold(held) {
      for (const track of tracks) {
        if (track.kind !== 'video' || track.readyState !== 'live') continue;
        Object.defineProperty(track, 'muted', { value: held, configurable: true });
        track.dispatchEvent(new Event(held ? 'mute' : 'unmute'));
      }
    },
    live: () => tracks.filter(({ readyState }) => readyState === 'live').length,
    opened: () => tracks.length,
  };
})();
