/**
 * Gives the channel's link away: by the phone's own share sheet where the pointer is a
 * finger, by the clipboard elsewhere.
 */

/**
 * @param {HTMLElement} button
 * @param {object} options
 * @param {string} options.url
 * @param {() => string} options.title
 * @param {() => void} options.onFailed
 * @param {() => void} options.onCopied
 * @param {AbortSignal} options.signal
 */
export function mountShare(button, { url, title, onFailed, onCopied, signal }) {
  const give = async () => {
    const data = { title: title(), url };
    const sheet = matchMedia('(pointer: coarse)').matches && navigator.canShare?.(data);
    try {
      if (sheet) {
        await navigator.share(data);
      } else {
        await navigator.clipboard.writeText(url);
        onCopied();
      }
    } catch (error) {
      // AbortError: the person closed the sheet.
      if (!(error instanceof DOMException && error.name === 'AbortError')) {
        onFailed();
      }
    }
  };
  button.addEventListener('click', () => void give(), { signal });
}
