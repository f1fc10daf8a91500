/**
 * A room of meshes: a server that may delay, lose, double and reorder, a wire that may be
 * cut, one clock for all.
 */

import { Mesh } from '../../../services/web/static/js/rtc/mesh.js';
import { FakeClock } from './clock.js';
import { FakeStream } from './media.js';
import { FakeNetwork } from './network.js';
import { FakePeerConnection } from './peer_connection.js';

/** `pcs`: those that were made and used; a mesh keeps one more for whoever comes next. */
/** @typedef {{ mesh: Mesh, events: any[], sent: any[], online: boolean, made: FakePeerConnection[], pcs: FakePeerConnection[], order: number }} Peer */

export class FakeRoom {
  clock = new FakeClock();
  network = new FakeNetwork({ timers: this.clock });
  /** @type {Map<string, Peer>} */
  peers = new Map();
  latencyMs = 10;
  /** What becomes of a frame: how many copies arrive, after how long each. */
  /** @type {(frame: any, from: string) => number[]} */
  fate = () => [this.latencyMs];
  epoch = 'e1';
  #rev = 0;

  /** @param {string} id @param {number} order @param {{ knowsOrder?: boolean, iceServers?: any[] }} [options] */
  add(id, order, { knowsOrder = true, iceServers = [] } = {}) {
    /** @type {any} */
    const peer = {
      events: [],
      sent: [],
      online: true,
      made: /** @type {FakePeerConnection[]} */ ([]),
      order,
      get pcs() {
        return this.made.filter(
          (/** @type {FakePeerConnection} */ pc) => pc.getTransceivers().length > 0,
        );
      },
    };
    peer.mesh = new Mesh({
      timers: this.clock,
      transport: {
        online: () => peer.online,
        send: (/** @type {any} */ frame) => {
          if (!peer.online) return false;
          peer.sent.push(frame);
          this.#carry(id, frame);
          return true;
        },
      },
      createPeerConnection: (config) => {
        const pc = new FakePeerConnection(config, this.network);
        peer.made.push(pc);
        return /** @type {any} */ (pc);
      },
      createMediaStream: () => /** @type {any} */ (new FakeStream()),
    });
    for (const type of [
      'link',
      'track',
      'presence',
      'chat',
      'chatWaiting',
      'chatLost',
      'needIce',
    ]) {
      peer.mesh.on(type, (/** @type {any} */ payload) => peer.events.push({ type, ...payload }));
    }
    peer.mesh.configure({ selfId: id, order: knowsOrder ? order : null, iceServers });
    this.peers.set(id, peer);
    return /** @type {Peer} */ (peer);
  }

  /** @param {string} id */
  peer(id) {
    return /** @type {Peer} */ (this.peers.get(id));
  }

  /** @param {string} id @param {object} [more] */
  entry(id, more = {}) {
    return {
      peer_id: id,
      order: this.peer(id).order,
      state: 'here',
      audio: false,
      video: false,
      screen: false,
      hand: false,
      revision: 0,
      ...more,
    };
  }

  /** Everybody hears that these are in the room. @param {string[]} ids @param {string[]} [to] */
  roster(ids, to = ids) {
    this.#rev += 1;
    const state = { epoch: this.epoch, rev: this.#rev, peers: ids.map((id) => this.entry(id)) };
    for (const id of to) this.peer(id).mesh.applyRoomState(state);
  }

  /** What somebody in the lobby hears of the room. @param {string} id @param {string[]} ids */
  look(id, ids) {
    this.roster(ids, [id]);
  }

  /** @param {string} id @param {string[]} known who is there already */
  async join(id, known) {
    const { mesh } = this.peer(id);
    const entries = known.map((other) => this.entry(other));
    const offers = mesh.offersFor(/** @type {any} */ (entries));
    await this.clock.advance(5);
    for (const frame of await offers) {
      this.peer(id).sent.push(frame);
      this.#carry(id, frame);
    }
  }

  /** Two people in a call. */
  async pair() {
    const [a, b] = [this.add('A', 1), this.add('B', 2, { knowsOrder: false })];
    this.roster(['A']);
    await this.join('B', ['A']);
    this.roster(['A', 'B']);
    await this.clock.advance(2_000);
    return { a, b };
  }

  /** @param {string} id */
  states(id) {
    return this.peer(id).mesh.reports.map(({ peerId, state }) => `${peerId} ${state}`);
  }

  close() {
    for (const { mesh } of this.peers.values()) mesh.close();
  }

  /** @param {string} from @param {any} frame */
  #carry(from, frame) {
    const { to, ...rest } = frame;
    if (!to) return;
    const type = rest.type === 'chat.send' ? 'chat.message' : rest.type;
    for (const delay of this.fate(frame, from)) {
      this.clock.set(() => this.peers.get(to)?.mesh.receive({ ...rest, type, from }), delay);
    }
  }
}
