/**
 * Watches a call page from outside, the same way on the floor and on the product:
 * when the join button was clicked, when each step of the RTCPeerConnections came,
 * and when the first frame of a remote track was decoded and presented.
 *
 * Injected before the page's own scripts; needs nothing of the page but that it
 * shows remote tracks in <video> elements. `__relayOnly` (set before) forces the
 * relay, so that the page needs no switch for it.
 */
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const remoteTracks = new WeakSet();
  /** Unix milliseconds of the first time each thing happened. */
  const firsts = /** @type {Record<string, number>} */ ({});
  const mark = (/** @type {string} */ name, at = now()) => {
    firsts[name] ??= at;
  };
  const peers = /** @type {RTCPeerConnection[]} */ ([]);
  const relayOnly = Boolean(globalThis.__relayOnly);
  const force = (/** @type {RTCConfiguration | undefined} */ configuration) =>
    relayOnly ? { ...configuration, iceTransportPolicy: 'relay' } : configuration;

  const Native = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(/** @type {RTCConfiguration | undefined} */ configuration) {
      super(force(configuration));
      peers.push(this);
      this.addEventListener('track', ({ track }) => {
        remoteTracks.add(track);
        mark(`track ${track.kind}`);
      });
      this.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate) mark(`candidate ${candidate.type ?? ''}`);
      });
      this.addEventListener('signalingstatechange', () => mark(`signaling ${this.signalingState}`));
      this.addEventListener('iceconnectionstatechange', () => mark(`ice ${this.iceConnectionState}`));
      this.addEventListener('connectionstatechange', () => mark(`peer ${this.connectionState}`));
    }

    setConfiguration(/** @type {RTCConfiguration} */ configuration) {
      super.setConfiguration(force(configuration) ?? {});
    }
  };

  document.addEventListener(
    'click',
    (event) => {
      if (event.isTrusted) mark('click', performance.timeOrigin + event.timeStamp);
    },
    { capture: true },
  );

  /** Every frame of every WebSocket: [unix ms, 'sent' or 'got', type]. */
  const frames = /** @type {[number, string, string][]} */ ([]);
  const note = (/** @type {string} */ way, /** @type {unknown} */ data) => {
    if (typeof data !== 'string') return;
    const { type, kind } = JSON.parse(data);
    const name = kind ? `${type} ${kind}` : type;
    frames.push([now(), way, name]);
    mark(`${way} ${name}`);
  };
  globalThis.WebSocket = class extends WebSocket {
    /** @param {ConstructorParameters<typeof WebSocket>} args */
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => note('got', data));
    }

    send(/** @type {string} */ data) {
      note('sent', data);
      super.send(data);
    }
  };

  const watched = new WeakSet();
  const watch = (/** @type {HTMLVideoElement} */ video) => {
    if (watched.has(video)) return;
    watched.add(video);
    const look = (/** @type {number} */ _, /** @type {VideoFrameCallbackMetadata} */ frame) => {
      const stream = video.srcObject;
      const track = stream instanceof MediaStream ? stream.getVideoTracks()[0] : undefined;
      if (track && remoteTracks.has(track)) {
        mark('first frame');
        mark('first frame presented', performance.timeOrigin + frame.presentationTime);
      } else {
        video.requestVideoFrameCallback(look);
      }
    };
    video.requestVideoFrameCallback(look);
  };
  const source = /** @type {PropertyDescriptor} */ (
    Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')
  );
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...source,
    set(value) {
      source.set?.call(this, value);
      if (this instanceof HTMLVideoElement && value) watch(this);
    },
  });

  /** The selected path and decoded frames of the first connected peer connection. */
  const media = async () => {
    for (const peer of peers) {
      if (peer.connectionState !== 'connected') continue;
      const stats = await peer.getStats();
      let decoded = 0;
      let path = 'none';
      for (const report of stats.values()) {
        if (report.type === 'inbound-rtp' && report.kind === 'video') {
          decoded += report.framesDecoded ?? 0;
        }
        if (report.type === 'transport' && report.selectedCandidatePairId) {
          const pair = stats.get(report.selectedCandidatePairId);
          const [local, remote] = [pair?.localCandidateId, pair?.remoteCandidateId].map((id) => stats.get(id));
          path = `${local?.candidateType}-${remote?.candidateType}`;
        }
      }
      return { path, decoded };
    }
    return { path: 'none', decoded: 0 };
  };
  globalThis.__probe = { firsts, frames, media };
})();
