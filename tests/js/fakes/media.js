let count = 0;

/** A track that remembers whether it was stopped. */
export class FakeTrack {
  /** @param {'audio' | 'video'} kind */
  constructor(kind) {
    this.kind = kind;
    this.id = `track-${++count}`;
    this.enabled = true;
    this.readyState = 'live';
    this.contentHint = '';
    /** @type {(() => void) | null} */
    this.onended = null;
  }

  getSettings() {
    return { height: 720 };
  }

  stop() {
    this.readyState = 'ended';
  }

  /** The device was unplugged, or the browser's own button pressed. */
  end() {
    this.readyState = 'ended';
    this.onended?.();
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
