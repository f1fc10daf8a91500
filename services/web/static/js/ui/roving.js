/**
 * Arrow keys walk along a row of buttons; Home and End go to its ends. Each button stays
 * in the tab order, too, so that nobody has to know of the arrows.
 */

/**
 * @param {HTMLElement} row
 * @param {object} options
 * @param {string} options.forward `ArrowRight` or `ArrowDown`.
 * @param {string} options.back
 * @param {AbortSignal} options.signal
 */
export function walkByArrows(row, { forward, back, signal }) {
  row.addEventListener(
    'keydown',
    (event) => {
      const stops = /** @type {HTMLElement[]} */ ([...row.querySelectorAll('button, a[href]')]);
      const seen = stops.filter((stop) => stop.getClientRects().length > 0);
      const at = seen.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      const next = target(event.key, { forward, back, at, count: seen.length });
      if (at !== -1 && next !== null) {
        event.preventDefault();
        seen[next]?.focus();
      }
    },
    { signal },
  );
}

/**
 * @param {string} key
 * @param {{ forward: string, back: string, at: number, count: number }} row
 * @returns {number | null} Where the focus goes; round at the ends.
 */
export function target(key, { forward, back, at, count }) {
  switch (key) {
    case forward:
      return (at + 1) % count;
    case back:
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
