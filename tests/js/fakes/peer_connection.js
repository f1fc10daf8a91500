/**
 * RTCPeerConnection as far as Traverse uses it, without a network: signalling states and the
 * operations chain (webrtc-pc 4.4), transceivers and mids (RFC 8829), rollback, negotiation
 * needed, ICE restarts, negotiated data channels.
 *
 * tests/js/fakes/contract plays the same script on this and on Chromium and compares.
 */

import { parse, write } from './description.js';
import { FakeTrack } from './media.js';

let serial = 0;

/** @param {string} name @param {string} message */
const fault = (name, message) => new DOMException(message, name);

/** @param {string} direction */
const reverse = (direction) =>
  direction === 'sendonly' ? 'recvonly' : direction === 'recvonly' ? 'sendonly' : direction;

/** @param {string} a @param {string} b @returns {RTCRtpTransceiverDirection} */
function both(a, b) {
  const send = /send/.test(a) && /send/.test(b);
  const recv = /recv/.test(a) && /recv/.test(b);
  return send && recv ? 'sendrecv' : send ? 'sendonly' : recv ? 'recvonly' : 'inactive';
}

class FakeTransceiver {
  /** @type {string | null} */
  mid = null;
  /** @type {RTCRtpTransceiverDirection | null} */
  currentDirection = null;
  /** @type {string | null} */
  negotiated = null;
  stopped = false;

  /** @param {FakePeerConnection} pc @param {'audio' | 'video'} kind @param {any} options */
  constructor(pc, kind, { direction, track = null, remote = false }) {
    this.pc = pc;
    this.kind = kind;
    this.#direction = direction;
    this.remote = remote;
    this.receiving = false;
    this.receiver = { track: new FakeTrack(kind) };
    this.sender = {
      track,
      /** @param {any} next */
      replaceTrack: async (next) => {
        this.sender.track = next;
      },
      setStreams() {},
      getParameters: () => ({ encodings: [{ ...this.encoding }] }),
      /** @param {any} parameters */
      setParameters: async ({ encodings }) => {
        this.encoding = encodings[0];
      },
    };
    this.encoding = {};
  }

  #direction;

  get direction() {
    return this.#direction;
  }

  set direction(value) {
    if (value === this.#direction) return;
    this.#direction = value;
    this.pc.updateNegotiationNeeded();
  }
}

class FakeDataChannel {
  readyState = 'connecting';
  bufferedAmount = 0;
  /** @type {(() => void) | null} */ onopen = null;
  /** @type {(() => void) | null} */ onclose = null;
  /** @type {((event: { data: unknown }) => void) | null} */ onmessage = null;

  /** @param {FakePeerConnection} pc @param {string} label @param {any} init */
  constructor(pc, label, { id, maxRetransmits }) {
    this.pc = pc;
    this.label = label;
    this.id = id;
    this.reliable = maxRetransmits === undefined;
  }

  /** @param {unknown} data */
  send(data) {
    if (this.readyState !== 'open') throw fault('InvalidStateError', 'not open');
    const { pc, id } = this;
    pc.network.carry(() => {
      const twin = pc.peer?.channels.get(id);
      if (twin?.readyState === 'open') twin.onmessage?.({ data });
    }, this.reliable);
  }

  close() {
    this.readyState = 'closed';
  }
}

export class FakePeerConnection {
  /** @type {any} */ onnegotiationneeded = null;
  /** @type {any} */ onicecandidate = null;
  /** @type {any} */ onconnectionstatechange = null;
  /** @type {any} */ oniceconnectionstatechange = null;
  /** @type {any} */ onsignalingstatechange = null;
  /** @type {any} */ ontrack = null;

  /** @type {RTCSignalingState} */ signalingState = 'stable';
  /** @type {RTCIceConnectionState} */ iceConnectionState = 'new';
  /** @type {RTCPeerConnectionState} */ connectionState = 'new';
  /** @type {any} */ currentLocalDescription = null;
  /** @type {any} */ currentRemoteDescription = null;
  /** @type {any} */ pendingLocalDescription = null;
  /** @type {any} */ pendingRemoteDescription = null;
  /** @type {FakePeerConnection | null} */ peer = null;
  /** @type {Map<number, FakeDataChannel>} */ channels = new Map();
  remoteCandidates = 0;
  received = 0;
  /** What arrives of each section, for the statistics: frames or packets by mid. */
  /** @type {Map<string, { kind: string, count: number }>} */
  flows = new Map();
  /** More statistics of the test's own. @type {any[]} */
  extraStats = [];

  #origin = String(1_000_000 + ++serial);
  #version = 1;
  /** @type {FakeTransceiver[]} */
  #transceivers = [];
  #nextMid = 0;
  /** @type {string | null} */
  #channelMid = null;
  #channelNegotiated = false;
  /** @type {Promise<unknown>} */
  #chain = Promise.resolve();
  #operations = 0;
  #updateWhenIdle = false;
  #needed = false;
  #restart = false;
  #generation = 0;
  /** @type {string[]} */
  #candidates = [];
  #gathered = '';

  /** @param {any} config @param {import('./network.js').FakeNetwork} network */
  constructor(config, network) {
    this.config = config;
    this.network = network;
    network.open.add(this);
  }

  get localDescription() {
    const held = this.pendingLocalDescription ?? this.currentLocalDescription;
    if (!held) return null;
    const parsed = parse(held.sdp);
    const candidates = this.#gathered === parsed.ufrag ? this.#candidates : [];
    return { type: held.type, sdp: write({ ...parsed, version: this.#version, candidates }) };
  }

  get remoteDescription() {
    return this.pendingRemoteDescription ?? this.currentRemoteDescription;
  }

  get localUfrag() {
    return parse(this.localDescription?.sdp ?? '').ufrag || null;
  }

  get remoteUfrag() {
    return parse(this.remoteDescription?.sdp ?? '').ufrag || null;
  }

  getTransceivers() {
    return [...this.#transceivers];
  }

  getConfiguration() {
    return this.config;
  }

  /** @param {any} config */
  setConfiguration(config) {
    this.#assertOpen();
    this.config = config;
  }

  /** @param {any} trackOrKind @param {any} [init] */
  addTransceiver(trackOrKind, { direction = 'sendrecv' } = {}) {
    this.#assertOpen();
    const isKind = typeof trackOrKind === 'string';
    const transceiver = new FakeTransceiver(this, isKind ? trackOrKind : trackOrKind.kind, {
      direction,
      track: isKind ? null : trackOrKind,
    });
    this.#transceivers.push(transceiver);
    this.updateNegotiationNeeded();
    return transceiver;
  }

  /** @param {string} label @param {any} init */
  createDataChannel(label, init) {
    this.#assertOpen();
    const channel = new FakeDataChannel(this, label, init);
    this.channels.set(init.id, channel);
    this.updateNegotiationNeeded();
    if (this.connectionState === 'connected') this.network.check();
    return channel;
  }

  restartIce() {
    this.#restart = true;
    this.updateNegotiationNeeded();
  }

  /** @param {any} [description] */
  setLocalDescription(description) {
    return this.#enqueue(() => {
      if (description?.type === 'rollback') return this.#rollBack();
      const answering = this.signalingState === 'have-remote-offer';
      const sdp = this.#describe(answering);
      if (answering) {
        this.currentLocalDescription = { type: 'answer', sdp };
        this.currentRemoteDescription = this.pendingRemoteDescription;
        this.#becomeStable();
      } else {
        this.pendingLocalDescription = { type: 'offer', sdp };
        // Chromium forgets the wish with the offer, even if that is rolled back.
        this.#restart = false;
        this.#setSignaling('have-local-offer');
      }
      this.#gather();
      return undefined;
    });
  }

  /** @param {{ type: string, sdp: string }} description */
  setRemoteDescription({ type, sdp }) {
    return this.#enqueue(() => {
      if (type === 'answer' && this.signalingState !== 'have-local-offer') {
        throw fault('InvalidStateError', `answer in ${this.signalingState}`);
      }
      const before = this.remoteUfrag;
      const parsed = parse(sdp);
      if (type === 'offer') {
        if (this.signalingState === 'have-local-offer') this.#rollBack({ quiet: true });
        this.pendingRemoteDescription = { type, sdp };
        this.#setSignaling('have-remote-offer');
        this.#matchSections(parsed);
      } else {
        this.currentLocalDescription = this.pendingLocalDescription;
        this.currentRemoteDescription = { type, sdp };
        this.#applyDirections(parsed);
        this.#becomeStable();
      }
      if (parsed.ufrag !== before) this.remoteCandidates = 0;
      this.remoteCandidates += parsed.candidates.length;
      this.#fireTracks(parsed);
    });
  }

  /** @param {any} candidate */
  addIceCandidate(candidate) {
    return this.#enqueue(() => {
      if (!this.remoteDescription) throw fault('InvalidStateError', 'no remote description');
      const { ufrag, sections } = parse(this.remoteDescription.sdp);
      if (!sections.some(({ mid }) => mid === candidate.sdpMid)) {
        throw fault('OperationError', 'unknown mid');
      }
      // Chromium takes a candidate of another generation and makes nothing of it.
      if (candidate.usernameFragment && candidate.usernameFragment !== ufrag) return;
      this.remoteCandidates += 1;
      this.network.check();
    });
  }

  async getStats() {
    /** @type {[string, any][]} */
    const entries = [
      ['T', { id: 'T', type: 'transport', selectedCandidatePairId: this.peer ? 'P' : undefined }],
      ['L', { id: 'L', type: 'local-candidate', candidateType: 'host' }],
      ['R', { id: 'R', type: 'remote-candidate', candidateType: 'host' }],
      [
        'P',
        {
          id: 'P',
          type: 'candidate-pair',
          localCandidateId: 'L',
          remoteCandidateId: 'R',
          bytesReceived: this.received,
        },
      ],
    ];
    for (const [mid, { kind, count }] of this.flows) {
      const progress = kind === 'video' ? { framesDecoded: count } : { packetsReceived: count };
      entries.push([`I${mid}`, { id: `I${mid}`, type: 'inbound-rtp', kind, mid, ...progress }]);
    }
    for (const stats of this.extraStats) entries.push([stats.id, stats]);
    return new Map(entries);
  }

  close() {
    if (this.signalingState === 'closed') return;
    this.signalingState = 'closed';
    this.iceConnectionState = 'closed';
    this.connectionState = 'closed';
    this.network.open.delete(this);
    const { peer } = this;
    this.peer = null;
    for (const channel of this.channels.values()) channel.close();
    if (peer) this.network.carry(() => peer.#peerClosed(), false);
  }

  // --- For the network -------------------------------------------------------------

  /** @param {FakePeerConnection} other */
  pathFound(other) {
    if (this.connectionState === 'failed') return;
    if (this.peer && this.peer !== other) {
      this.#setIce('failed');
      this.#setConnection('failed');
      return;
    }
    this.peer = other;
    if (this.iceConnectionState !== 'connected') {
      this.#setIce('checking');
      this.#setIce('connected');
      this.#setConnection('connected');
    }
    for (const [id, channel] of this.channels) {
      if (channel.readyState !== 'connecting' || !other.channels.has(id)) continue;
      channel.readyState = 'open';
      channel.onopen?.();
    }
  }

  pathLost() {
    if (this.iceConnectionState !== 'connected') return;
    this.#setIce('disconnected');
    this.#setConnection('disconnected');
  }

  pathBack() {
    if (this.iceConnectionState !== 'disconnected') return;
    this.#setIce('connected');
    this.#setConnection('connected');
  }

  #peerClosed() {
    for (const channel of this.channels.values()) {
      if (channel.readyState === 'closed') continue;
      channel.readyState = 'closed';
      channel.onclose?.();
    }
  }

  // --- Negotiation -------------------------------------------------------------------

  updateNegotiationNeeded() {
    if (this.#operations > 0) {
      this.#updateWhenIdle = true;
      return;
    }
    this.network.timers.set(() => this.#fireIfNeeded(), 0);
  }

  #fireIfNeeded() {
    if (this.#operations > 0) {
      this.#updateWhenIdle = true;
      return;
    }
    if (this.signalingState !== 'stable') return;
    if (!this.#isNeeded()) {
      this.#needed = false;
      return;
    }
    if (this.#needed) return;
    this.#needed = true;
    this.onnegotiationneeded?.();
  }

  #isNeeded() {
    if (this.#restart) return true;
    if (this.channels.size > 0 && !this.#channelNegotiated) return true;
    return this.#transceivers.some(
      ({ negotiated, direction, currentDirection }) =>
        negotiated === null || (direction !== negotiated && direction !== currentDirection),
    );
  }

  /** @param {boolean} answering */
  #describe(answering) {
    const offered = answering ? parse(this.pendingRemoteDescription.sdp) : null;
    if (!answering) this.#assignMids();
    const ufrag = this.#credentials(offered?.ufrag ?? null);
    const sections = offered
      ? offered.sections.map((section) => this.#answerSection(section))
      : this.#offerSections();
    this.#version += 1;
    return write({
      origin: this.#origin,
      version: this.#version,
      ufrag,
      sections,
      candidates: [],
    });
  }

  #assignMids() {
    for (const transceiver of this.#transceivers) {
      transceiver.mid ??= String(this.#nextMid++);
    }
    if (this.channels.size > 0) this.#channelMid ??= String(this.#nextMid++);
  }

  #offerSections() {
    /** @type {import('./description.js').Section[]} */
    const sections = this.#transceivers.map(({ kind, mid, direction }) => ({
      kind,
      mid: mid ?? '',
      direction,
    }));
    if (this.#channelMid !== null) {
      sections.push({ kind: 'application', mid: this.#channelMid, direction: 'sendrecv' });
    }
    return sections.sort((a, b) => Number(a.mid) - Number(b.mid));
  }

  /** @param {import('./description.js').Section} offered */
  #answerSection({ kind, mid, direction }) {
    const transceiver = this.#transceivers.find((one) => one.mid === mid);
    if (!transceiver) {
      this.#channelMid = mid;
      this.#channelNegotiated = true;
      return { kind, mid, direction };
    }
    const agreed = both(transceiver.direction, reverse(direction));
    transceiver.currentDirection = agreed;
    transceiver.negotiated = transceiver.direction;
    return { kind, mid, direction: agreed };
  }

  /** @param {string | null} offered @returns {string} ours; new when either side restarts */
  #credentials(offered) {
    const known = this.currentRemoteDescription && parse(this.currentRemoteDescription.sdp).ufrag;
    const restarted = offered !== null && known && offered !== known;
    if (this.#generation === 0 || this.#restart || restarted) this.#generation += 1;
    return `u${this.#origin}g${this.#generation}`;
  }

  /** @param {import('./description.js').Parsed} parsed */
  #matchSections(parsed) {
    for (const { kind, mid } of parsed.sections) {
      this.#nextMid = Math.max(this.#nextMid, Number(mid) + 1);
      if (kind === 'application' || this.#transceivers.some((one) => one.mid === mid)) continue;
      const transceiver = new FakeTransceiver(this, /** @type {any} */ (kind), {
        direction: 'recvonly',
        remote: true,
      });
      transceiver.mid = mid;
      this.#transceivers.push(transceiver);
    }
  }

  /** @param {import('./description.js').Parsed} answer */
  #applyDirections(answer) {
    for (const { kind, mid, direction } of answer.sections) {
      if (kind === 'application') this.#channelNegotiated = true;
      const transceiver = this.#transceivers.find((one) => one.mid === mid);
      if (!transceiver) continue;
      transceiver.currentDirection = /** @type {any} */ (reverse(direction));
      transceiver.negotiated = transceiver.direction;
    }
  }

  /** @param {import('./description.js').Parsed} parsed */
  #fireTracks(parsed) {
    for (const { mid, direction } of parsed.sections) {
      const transceiver = this.#transceivers.find((one) => one.mid === mid);
      const receives = /send/.test(direction);
      if (!transceiver || transceiver.receiving === receives) continue;
      transceiver.receiving = receives;
      if (receives) this.ontrack?.({ transceiver, track: transceiver.receiver.track });
    }
  }

  #becomeStable() {
    this.pendingLocalDescription = null;
    this.pendingRemoteDescription = null;
    this.#restart = false;
    this.#needed = false;
    this.#setSignaling('stable');
    this.updateNegotiationNeeded();
    this.network.check();
  }

  #rollBack({ quiet = false } = {}) {
    if (this.signalingState === 'stable') throw fault('InvalidStateError', 'rollback in stable');
    const established = new Set(
      parse(this.currentLocalDescription?.sdp ?? '').sections.map(({ mid }) => mid),
    );
    for (const transceiver of this.#transceivers) {
      if (transceiver.mid !== null && !established.has(transceiver.mid)) transceiver.mid = null;
    }
    this.#transceivers = this.#transceivers.filter(({ mid, remote }) => mid !== null || !remote);
    if (this.#channelMid !== null && !established.has(this.#channelMid)) this.#channelMid = null;
    if (established.size === 0) this.#nextMid = 0;
    this.pendingLocalDescription = null;
    this.pendingRemoteDescription = null;
    this.#needed = false;
    this.#setSignaling('stable');
    if (!quiet) this.updateNegotiationNeeded();
  }

  #gather() {
    const { localUfrag: ufrag } = this;
    if (!ufrag || this.#gathered === ufrag) return;
    this.#gathered = ufrag;
    this.#candidates = [];
    for (const [index, delay] of [0, 3, 40].entries()) {
      this.network.timers.set(() => this.#found(ufrag, index), delay);
    }
  }

  /** @param {string} ufrag @param {number} index */
  #found(ufrag, index) {
    if (this.signalingState === 'closed' || this.#gathered !== ufrag) return;
    const candidate = `candidate:${index} 1 udp 1 192.0.2.1 ${5000 + index} typ host ufrag ${ufrag}`;
    this.#candidates.push(candidate);
    const sdpMid = parse(this.localDescription?.sdp ?? '').sections[0]?.mid ?? '0';
    this.onicecandidate?.({
      candidate: { candidate, sdpMid, sdpMLineIndex: 0, usernameFragment: ufrag },
    });
  }

  /** @param {() => void} operation @returns {Promise<void>} */
  #enqueue(operation) {
    if (this.signalingState === 'closed') {
      return Promise.reject(fault('InvalidStateError', 'closed'));
    }
    this.#operations += 1;
    const result = this.#chain.then(() => {
      // A closed connection leaves its promises pending (webrtc-pc 4.4.1.2).
      if (this.signalingState === 'closed') return new Promise(() => {});
      return operation();
    });
    this.#chain = result.catch(() => {}).then(() => this.#dequeue());
    return /** @type {Promise<void>} */ (result);
  }

  #dequeue() {
    this.#operations -= 1;
    if (this.#operations > 0 || !this.#updateWhenIdle) return;
    this.#updateWhenIdle = false;
    this.updateNegotiationNeeded();
  }

  #assertOpen() {
    if (this.signalingState === 'closed') throw fault('InvalidStateError', 'closed');
  }

  /** @param {RTCSignalingState} state */
  #setSignaling(state) {
    if (this.signalingState === state) return;
    this.signalingState = state;
    this.onsignalingstatechange?.();
  }

  /** @param {RTCIceConnectionState} state */
  #setIce(state) {
    if (this.iceConnectionState === state) return;
    this.iceConnectionState = state;
    this.oniceconnectionstatechange?.();
  }

  /** @param {RTCPeerConnectionState} state */
  #setConnection(state) {
    if (this.connectionState === state) return;
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}
