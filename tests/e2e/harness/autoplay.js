/**
 * Runs in the page before its own scripts: a browser that plays nothing audible until the
 * person clicks once more, by `play` or by `autoplay`.
 */
(() => {
  const { play } = HTMLMediaElement.prototype;
  let refused = 0;
  let allowed = false;
  // A click from before the refusal was no consent to it.
  addEventListener('click', () => (allowed ||= refused > 0), { capture: true });
  HTMLMediaElement.prototype.play = function () {
    if (allowed || this.muted) return play.call(this);
    refused += 1;
    return Promise.reject(new DOMException('No gesture yet', 'NotAllowedError'));
  };
  Object.defineProperty(HTMLAudioElement.prototype, 'autoplay', { set() {}, get: () => false });
})();
