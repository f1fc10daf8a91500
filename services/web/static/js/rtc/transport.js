/**
 * How the frames of one link travel: over its data channel while that is proven alive,
 * through the server otherwise.
 *
 * `open` proves nothing (a data channel says so 12 s after its path was cut, measured), so
 * the caller says when the channel may be used. Frames sent shortly before a channel was
 * judged dead are sent again through the server, with the same `seq`: the receiver drops
 * what it had. Frames that can go nowhere wait here, boundedly; chat waits in a lane of its
 * own, which forgets nothing and holds up nothing else.
 */

import { Bucket } from '../lib/bucket.js';
import { CHAT_PACE } from '../signaling/limits.js';
import { ChatLane } from './chat-lane.js';

const MAX_QUEUED = 64;
const MAX_DOUBTFUL = 64;
const DOUBTFUL_MS = 2_500;
const MAX_BUFFERED_BYTES = 512 * 1024;

const CHAT = 'chat.message';

/** Told anew on a channel that comes back; the server has the presence from `presence.set`. */
const CHANNEL_ONLY = new Set(['peer.presence', 'peer.pictures']);

/** @typedef {{ type: string, seq: number } & Record<string, any>} Frame */

export class LinkTransport {
  #peerId;
  #server;
  #channel;
  #now;
  #chat;
  /** @type {{ ready: Promise<void>, resolve: () => void } | null} */
  #held = null;
  /** @type {Frame[]} */
  #queue = [];
  /** @type {{ frame: Frame, at: number }[]} */
  #doubtful = [];

  /**
   * @param {object} options
   * @param {string} options.peerId
   * @param {(message: any) => boolean} options.server
   * @param {() => RTCDataChannel | null} options.channel null while it must not be used
   * @param {import("../lib/timers.js").Timers} options.timers
   * @param {Bucket} options.serverChat the pace of chat through the server, for all links
   * @param {(frame: Frame) => void} [options.onChatPassed] it need not be waited for any more
   * @param {(frame: Frame) => void} [options.onChatReturned] it must be waited for again
   */
  constructor({
    peerId,
    server,
    channel,
    timers,
    serverChat,
    onChatPassed = () => {},
    onChatReturned = () => {},
  }) {
    this.#peerId = peerId;
    this.#server = server;
    this.#channel = channel;
    this.#now = () => timers.now();
    const linkChat = new Bucket({ ...CHAT_PACE, now: this.#now });
    this.#chat = new ChatLane({
      timers,
      pace: () => (this.#clearChannel() ? linkChat : serverChat),
      send: (frame) => !this.#held && this.#send(frame),
      onPassed: onChatPassed,
      onReturned: onChatReturned,
    });
  }

  /** Something waits for a way out. */
  get blocked() {
    return this.#queue.length > 0;
  }

  get held() {
    return this.#held !== null;
  }

  /**
   * Keep everything until `release`: this page has not joined yet.
   *
   * @returns {Promise<void>} when there is something to release
   */
  hold() {
    if (!this.#held) {
      let resolve = () => {};
      const ready = /** @type {Promise<void>} */ (
        new Promise((settle) => {
          resolve = () => settle();
        })
      );
      this.#held = { ready, resolve };
    }
    return this.#held.ready;
  }

  /** @returns {any[]} what was kept, in the server's form, for the caller to send */
  release() {
    this.#held?.resolve();
    this.#held = null;
    return this.#queue.splice(0).map((frame) => this.forServer(frame));
  }

  /** What was kept is void; what follows is kept. */
  discard() {
    this.#queue.length = 0;
  }

  /** @param {Frame} frame */
  post(frame) {
    if (frame.type === CHAT) {
      this.#chat.post(frame);
      return;
    }
    if (frame.type === 'peer.description') this.#supersede(frame);
    this.#queue.push(frame);
    if (this.#queue.length > MAX_QUEUED) this.#queue.shift();
    if (this.#held) this.#held.resolve();
    else this.flush();
  }

  /** Some way may have opened. */
  flush() {
    while (!this.#held && this.#queue.length > 0) {
      if (!this.#send(/** @type {Frame} */ (this.#queue[0]))) return;
      this.#queue.shift();
    }
    this.#chat.flush();
  }

  /** The channel turned out dead: what it swallowed goes another way. */
  rescue() {
    const since = this.#now() - DOUBTFUL_MS;
    const doubtful = this.#doubtful.splice(0).filter(({ at }) => at >= since);
    const lost = doubtful.map(({ frame }) => frame);
    this.#queue.unshift(...lost.filter(({ type }) => type !== CHAT));
    this.#queue.splice(0, Math.max(0, this.#queue.length - MAX_QUEUED));
    this.#chat.again(lost.filter(({ type }) => type === CHAT));
    this.flush();
  }

  close() {
    this.#held?.resolve();
    this.#chat.close();
    this.#queue.length = 0;
    this.#doubtful.length = 0;
  }

  /**
   * An unsent offer and its candidates are void once a newer description exists. An answer
   * is not: the other side waits for it.
   *
   * @param {Frame} frame
   */
  #supersede(frame) {
    const answered = this.#queue.some(({ kind, seq }) => kind === 'answer' && seq !== frame.seq);
    this.#queue = this.#queue.filter(
      ({ type, kind, seq }) =>
        seq !== frame.seq && kind !== 'offer' && (answered || type !== 'peer.candidates'),
    );
  }

  /** @param {Frame} frame */
  #send(frame) {
    const channel = this.#clearChannel();
    if (!channel) {
      if (CHANNEL_ONLY.has(frame.type)) return true;
      return this.#server(this.forServer(frame));
    }
    try {
      channel.send(JSON.stringify(frame));
    } catch {
      return false;
    }
    this.#doubtful.push({ frame, at: this.#now() });
    if (this.#doubtful.length > MAX_DOUBTFUL) this.#doubtful.shift();
    return true;
  }

  /** @returns {RTCDataChannel | null} null: unproven, or already full */
  #clearChannel() {
    const channel = this.#channel();
    return channel && channel.bufferedAmount <= MAX_BUFFERED_BYTES ? channel : null;
  }

  /** @param {Frame} frame */
  forServer(frame) {
    const type = frame.type === CHAT ? 'chat.send' : frame.type;
    return { ...frame, type, to: this.#peerId };
  }
}
