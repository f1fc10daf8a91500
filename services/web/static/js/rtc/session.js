/**
 * One RTCPeerConnection and the perfect negotiation on it (W3C webrtc-pc section 10.7).
 *
 * The shape of the example is kept as it is, because it is sensitive to timing: no queue and
 * no await in front of it. Owns the flags of that shape, early candidates, the data channels
 * and the closing of all it opened. What a frame means for a link that has had several
 * connections is decided in link.js.
 */

import { candidatesOf, keepRole, originOf, ufragOf, ufragsOf } from './sdp.js';
import { addSlots, adoptSlots, fillSlots } from './slots.js';

const MAX_EARLY = 128;

/**
 * @typedef {object} SessionEvents
 * @property {(kind: "offer" | "answer") => void} onLocalDescription set and ready to send
 * @property {(candidate: RTCIceCandidate) => void} onCandidate
 * @property {() => void} onStates any of the connection's states changed
 * @property {(event: RTCTrackEvent) => void} onTrack
 * @property {(label: "traverse" | "pulse", data: unknown) => void} onFrame
 * @property {() => void} onChannels a channel opened or closed
 * @property {(error: unknown) => void} onError
 */

export class Session {
  pc;
  /** @type {RTCDataChannel | null} */
  traverse = null;
  /** @type {RTCDataChannel | null} */
  pulse = null;
  /** `seq` of the last offer of ours that was sent; the answer to it repeats it. */
  offerSeq = -1;
  #polite;
  #tracks;
  #streams;
  #events;
  #closed = false;
  #makingOffer = false;
  #ignoreOffer = false;
  #isSettingRemoteAnswerPending = false;
  /** @type {string | null} */
  #remoteOrigin = null;
  /** @type {Set<string>} */
  #generations = new Set();
  /** @type {RTCIceCandidateInit[]} */
  #early = [];

  /**
   * @param {object} options
   * @param {RTCPeerConnection} options.pc
   * @param {() => boolean} options.polite
   * @param {import("./slots.js").Tracks} options.tracks
   * @param {import("./slots.js").Streams} options.streams
   * @param {SessionEvents} options.events
   */
  constructor({ pc, polite, tracks, streams, events }) {
    this.pc = pc;
    this.#polite = polite;
    this.#tracks = tracks;
    this.#streams = streams;
    this.#events = events;
    pc.onnegotiationneeded = () => void this.#offer();
    pc.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) events.onCandidate(candidate);
    };
    pc.onconnectionstatechange = () => events.onStates();
    pc.oniceconnectionstatechange = () => events.onStates();
    pc.onsignalingstatechange = () => events.onStates();
    pc.ontrack = (event) => events.onTrack(event);
  }

  /** Which RTCPeerConnection of the other side we talk to; null before its first description. */
  get remoteOrigin() {
    return this.#remoteOrigin;
  }

  get usable() {
    return this.pc.signalingState !== 'closed';
  }

  get iceConnected() {
    const state = this.pc.iceConnectionState;
    return state === 'connected' || state === 'completed';
  }

  get stable() {
    return this.pc.signalingState === 'stable' && !this.#makingOffer;
  }

  /** @returns {string | null} the local description as it is to be sent */
  get sdp() {
    const { localDescription } = this.pc;
    if (localDescription?.type !== 'offer') return localDescription?.sdp ?? null;
    return keepRole(localDescription.sdp, this.pc);
  }

  /** An offer that came now would collide with ours. */
  get offering() {
    return (
      this.#makingOffer ||
      (this.usable && this.pc.signalingState !== 'stable' && !this.#isSettingRemoteAnswerPending)
    );
  }

  /** Take the offerer's part: everything else follows from `negotiationneeded`. */
  open() {
    addSlots(this.pc, this.#tracks, this.#streams);
    this.#openChannels();
  }

  /** @param {import("./slots.js").Tracks} tracks */
  setTracks(tracks) {
    this.#tracks = tracks;
    fillSlots(this.pc, tracks);
  }

  /**
   * New ICE credentials and candidates. An offer of ours that nobody has answered would
   * hold the new one back, so it is taken back first.
   */
  async restart() {
    try {
      if (this.pc.signalingState === 'have-local-offer' && !this.#isSettingRemoteAnswerPending) {
        await this.pc.setLocalDescription({ type: 'rollback' });
      }
      if (!this.#closed) this.pc.restartIce();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #offer() {
    try {
      this.#makingOffer = true;
      await this.pc.setLocalDescription();
      this.#describe();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#makingOffer = false;
    }
  }

  /**
   * @param {RTCSessionDescriptionInit & { sdp: string }} description
   * @returns {Promise<boolean>} whether it was taken; false: it lost the glare or failed
   */
  async receiveDescription(description) {
    const { pc } = this;
    try {
      const readyForOffer =
        !this.#makingOffer &&
        (pc.signalingState === 'stable' || this.#isSettingRemoteAnswerPending);
      const offerCollision = description.type === 'offer' && !readyForOffer;
      this.#ignoreOffer = !this.#polite() && offerCollision;
      if (this.#ignoreOffer) return false;
      this.#isSettingRemoteAnswerPending = description.type === 'answer';
      const applied = pc.setRemoteDescription(description);
      this.#meet(description.sdp);
      await applied;
      this.#isSettingRemoteAnswerPending = false;
      if (description.type === 'offer') {
        adoptSlots(pc, this.#tracks, this.#streams);
        this.#openChannels();
        await pc.setLocalDescription();
        this.#describe();
      }
      fillSlots(pc, this.#tracks);
      return true;
    } catch (error) {
      this.#isSettingRemoteAnswerPending = false;
      this.#fail(error);
      return false;
    }
  }

  /** @param {RTCIceCandidateInit} candidate */
  receiveCandidate(candidate) {
    const generation = ufragOf(candidate);
    const known =
      generation === null ? this.#remoteOrigin !== null : this.#generations.has(generation);
    if (known) void this.#add(candidate);
    else if (this.#early.push(candidate) > MAX_EARLY) this.#early.shift();
  }

  /** @param {string} sdp of a description we had before: only its candidates can be news */
  receiveCandidatesOf(sdp) {
    for (const candidate of candidatesOf(sdp)) this.receiveCandidate(candidate);
  }

  /** Candidates that came before their description; the next session may know them. */
  takeEarly() {
    return this.#early.splice(0);
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    const { pc } = this;
    pc.onnegotiationneeded = pc.onicecandidate = pc.ontrack = null;
    pc.onconnectionstatechange = pc.oniceconnectionstatechange = pc.onsignalingstatechange = null;
    for (const channel of [this.traverse, this.pulse]) {
      if (!channel) continue;
      channel.onopen = channel.onclose = channel.onmessage = null;
      channel.close();
    }
    pc.close();
  }

  #describe() {
    const kind = this.pc.localDescription?.type;
    if (!this.#closed && (kind === 'offer' || kind === 'answer')) {
      this.#events.onLocalDescription(kind);
    }
  }

  /** @param {string} sdp */
  #meet(sdp) {
    this.#remoteOrigin = originOf(sdp);
    this.#generations = ufragsOf(sdp);
    for (const candidate of this.#early.splice(0)) this.receiveCandidate(candidate);
  }

  /** @param {RTCIceCandidateInit} candidate */
  async #add(candidate) {
    try {
      await this.pc.addIceCandidate(candidate);
    } catch (error) {
      if (!this.#ignoreOffer) this.#fail(error);
    }
  }

  #openChannels() {
    if (this.traverse) return;
    this.traverse = this.#openChannel('traverse', { negotiated: true, id: 0 });
    this.pulse = this.#openChannel('pulse', {
      negotiated: true,
      id: 1,
      ordered: false,
      maxRetransmits: 0,
    });
  }

  /**
   * @param {"traverse" | "pulse"} label
   * @param {RTCDataChannelInit} init
   */
  #openChannel(label, init) {
    const channel = this.pc.createDataChannel(label, init);
    channel.onopen = channel.onclose = () => this.#events.onChannels();
    channel.onmessage = ({ data }) => this.#events.onFrame(label, data);
    return channel;
  }

  /** @param {unknown} error */
  #fail(error) {
    if (!this.#closed) this.#events.onError(error);
  }
}
