/**
 * What lies between fake peer connections: a wire that can be cut, and the count of what is
 * open.
 *
 * ICE connects two of them when each has set the other's credentials and at least one knows
 * a candidate of the other. DTLS keys belong to an RTCPeerConnection: one that finds another
 * certificate behind an established transport fails, as in browsers.
 */
export class FakeNetwork {
  cut = false;
  /** @type {Set<import('./peer_connection.js').FakePeerConnection>} */
  open = new Set();

  /** @param {{ timers: any, latencyMs?: number, lostAfterMs?: number }} options */
  constructor({ timers, latencyMs = 5, lostAfterMs = 7_000 }) {
    this.timers = timers;
    this.latencyMs = latencyMs;
    this.lostAfterMs = lostAfterMs;
    this.checking = false;
  }

  /** Somebody's descriptions or candidates changed. */
  check() {
    if (this.checking) return;
    this.checking = true;
    this.timers.set(() => {
      this.checking = false;
      for (const pc of this.open) this.#connect(pc);
    }, this.latencyMs);
  }

  /** @param {boolean} cut */
  setCut(cut) {
    this.cut = cut;
    if (!cut) {
      for (const pc of this.open) pc.pathBack();
      this.check();
      return;
    }
    this.timers.set(() => {
      if (this.cut) for (const pc of this.open) pc.pathLost();
    }, this.lostAfterMs);
  }

  /** @param {import('./peer_connection.js').FakePeerConnection} pc */
  #connect(pc) {
    if (this.cut) return;
    const { localUfrag, remoteUfrag } = pc;
    for (const other of this.open) {
      if (other === pc || other.localUfrag !== remoteUfrag) continue;
      if (other.remoteUfrag !== localUfrag) continue;
      if (pc.signalingState !== 'stable') continue;
      if (pc.remoteCandidates + other.remoteCandidates === 0) continue;
      pc.pathFound(other);
    }
  }

  /** @param {() => void} deliver @param {boolean} reliable */
  carry(deliver, reliable) {
    this.timers.set(() => {
      if (!this.cut) deliver();
      else if (reliable) this.timers.set(() => this.carry(deliver, true), 200);
    }, this.latencyMs);
  }
}
