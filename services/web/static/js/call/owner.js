/**
 * What the owner of a channel can ask of the server: who comes in, who goes, who is
 * asked to mute, and the lock. The server decides; this page only shows the buttons.
 *
 * @typedef {import('./ports.js').ClientPort} ClientPort
 * @typedef {import('./ports.js').Frame} Frame
 * @typedef {import('./devices.js').CallStore} CallStore
 */

/** Codes of the client itself: no answer came, so no error of the server shows it. */
const UNANSWERED = new Set(['offline', 'timeout']);

export class Owner {
  #store;
  #client;

  /** @param {{ store: CallStore, client: () => ClientPort | null }} options */
  constructor({ store, client }) {
    this.#store = store;
    this.#client = client;
  }

  /** @param {string} peerId */
  async admit(peerId) {
    await this.#answerKnock('room.admit', peerId);
  }

  /** @param {string} peerId */
  async deny(peerId) {
    await this.#answerKnock('room.deny', peerId);
  }

  /** @param {string} peerId */
  async remove(peerId) {
    await this.#request({ type: 'room.remove', peer_id: peerId });
  }

  /** @param {string} peerId */
  async askMute(peerId) {
    await this.#request({ type: 'room.ask_mute', peer_id: peerId });
  }

  /** @param {boolean} locked */
  async lock(locked) {
    await this.#request({ type: 'room.lock', locked });
  }

  /**
   * @param {'room.admit' | 'room.deny'} type
   * @param {string} peerId
   */
  async #answerKnock(type, peerId) {
    if (await this.#request({ type, peer_id: peerId })) {
      this.#store.dispatch({ type: 'knock.answered', peerId });
    }
  }

  /**
   * @param {Frame} message
   * @returns {Promise<boolean>} False: refused, or never answered.
   */
  async #request(message) {
    const client = this.#client();
    if (client === null) {
      return false;
    }
    try {
      await client.request(message);
      return true;
    } catch (error) {
      const { code } = /** @type {{ code?: string }} */ (error);
      if (code !== undefined && UNANSWERED.has(code)) {
        this.#store.dispatch({ type: 'notice', code: 'not_connected' });
      }
      return false;
    }
  }
}
