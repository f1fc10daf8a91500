/** Which messages of this page still wait to leave it, on how many links each. */
export class ChatLedger {
  /** @type {Map<string, number>} */
  #links = new Map();
  #onChange;

  /** @param {(messageIds: string[]) => void} onChange all that wait now, oldest first */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** @param {string} messageId @param {number} links that it is to go out on */
  enter(messageId, links) {
    if (links === 0) return;
    this.#links.set(messageId, links);
    this.#onChange([...this.#links.keys()]);
  }

  /** @returns {string[]} what waited, for links that are given up while their people stay */
  giveUp() {
    const lost = [...this.#links.keys()];
    this.#links.clear();
    return lost;
  }

  /** It left on one link, which swallowed it. @param {string} messageId */
  returned(messageId) {
    this.enter(messageId, (this.#links.get(messageId) ?? 0) + 1);
  }

  /** It left on one link. @param {string} messageId */
  passed(messageId) {
    const links = this.#links.get(messageId);
    if (links === undefined) return;
    if (links > 1) {
      this.#links.set(messageId, links - 1);
      return;
    }
    this.#links.delete(messageId);
    this.#onChange([...this.#links.keys()]);
  }
}
