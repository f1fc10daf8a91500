/** A WebSocket whose server is the test. */
export class FakeSocket {
  /** @type {FakeSocket[]} */
  static all = [];
  readyState = 0;
  bufferedAmount = 0;
  /** @type {any} */ onopen = null;
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onclose = null;
  /** @type {any[]} */ sent = [];

  /** @param {string} url @param {string} protocol */
  constructor(url, protocol) {
    this.url = url;
    this.protocol = protocol;
    FakeSocket.all.push(this);
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  /** @param {any} message */
  say(message) {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  /** @param {number} [code] */
  drop(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}
