let count = 0;

/** A track that remembers whether it was stopped. */
export class FakeTrack extends EventTarget {
  /**
   * @param {'audio' | 'video'} kind
   * @param {{ deviceId?: string, label?: string }} [device]
   */
  constructor(kind, { deviceId = 'default', label = '' } = {}) {
    super();
    this.kind = kind;
    this.id = `track-${++count}`;
    this.label = label;
    this.deviceId = deviceId;
    this.enabled = true;
    this.muted = false;
    this.readyState = 'live';
    this.contentHint = '';
    /** @type {FakeTrack[]} */
    this.copies = [];
    /** Listeners of every kind that are on. */
    this.listenerCount = 0;
  }

  /**
   * @override
   * @param {string} type
   * @param {any} listener
   * @param {any} [options]
   */
  addEventListener(type, listener, options) {
    super.addEventListener(type, listener, options);
    this.listenerCount += 1;
    options?.signal?.addEventListener('abort', () => {
      this.listenerCount -= 1;
    });
  }

  getSettings() {
    return { height: 720, deviceId: this.deviceId };
  }

  clone() {
    const copy = new FakeTrack(/** @type {'audio' | 'video'} */ (this.kind));
    this.copies.push(copy);
    return copy;
  }

  stop() {
    this.readyState = 'ended';
  }

  /** The device was unplugged, or the browser's own button pressed. */
  end() {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  /** @param {boolean} muted The system holds the device back, or gives it back. */
  hold(muted) {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }
}

export class FakeStream {
  id = `stream-${++count}`;

  /** @param {FakeTrack[]} tracks */
  constructor(tracks = []) {
    this.tracks = tracks;
  }

  getTracks() {
    return this.tracks;
  }
}
