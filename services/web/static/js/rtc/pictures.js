/**
 * What the two sides of a link tell each other of their pictures: which are looked at, and
 * whether a face is sent.
 *
 * A tile that is not shown need not be sent, and what is not sent must not be missed. Said
 * over the data channel only, and again on each that opens.
 */

/** @typedef {{ camera: boolean, screen: boolean }} Wanted */

export class Pictures {
  #post;
  #sent;
  /** @type {Wanted} */
  #shown = { camera: true, screen: true };
  #theirCamera = true;
  #told = '';

  /**
   * @param {object} options
   * @param {(frame: object) => boolean} options.post false: there is no channel now
   * @param {() => boolean} options.sent whether this side sends its face
   */
  constructor({ post, sent }) {
    this.#post = post;
    this.#sent = sent;
  }

  /** @param {Wanted} shown what this page shows of the other side */
  show(shown) {
    this.#shown = shown;
    this.tell();
  }

  /** @param {{ anew?: boolean }} [options] anew: on a channel that has not heard it */
  tell({ anew = false } = {}) {
    const pictures = {
      camera_wanted: this.#shown.camera,
      screen_wanted: this.#shown.screen,
      camera_sent: this.#sent(),
    };
    const text = JSON.stringify(pictures);
    if (text === this.#told && !anew) return;
    if (this.#post({ type: 'peer.pictures', ...pictures })) this.#told = text;
  }

  /** @param {any} frame @returns {Wanted} what the other side looks at */
  receive({ camera_wanted: camera, screen_wanted: screen, camera_sent: sent }) {
    this.#theirCamera = sent;
    return { camera, screen };
  }

  /**
   * @param {{ audio: boolean, video: boolean } | null} theirs the other side's presence
   * @returns {import("./slots.js").Source[]} what ought to arrive
   */
  expected(theirs) {
    /** @type {import("./slots.js").Source[]} */
    const expected = [];
    if (theirs?.audio) expected.push('audio');
    if (theirs?.video && this.#theirCamera && this.#shown.camera) expected.push('camera');
    return expected;
  }
}
