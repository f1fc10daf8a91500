/**
 * Moments in the reader's own clock. The server writes UTC and says so; here `<time>` gets
 * the reader's zone, and the form that takes a moment sends one that has a zone.
 */

const WORDS = /** @type {const} */ ({ dateStyle: 'medium', timeStyle: 'short' });

/**
 * @param {Date} moment
 * @returns {string} For `<input type="datetime-local">`, which knows no zones.
 */
export function localInput(moment) {
  /** @param {number} part */
  const two = (part) => String(part).padStart(2, '0');
  const date = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())];
  return `${date.join('-')}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** @param {HTMLTimeElement} element */
function inOwnClock(element) {
  element.textContent = new Date(element.dateTime).toLocaleString([], WORDS);
}

/** @param {HTMLFormElement} form */
function equip(form) {
  const at = /** @type {HTMLInputElement} */ (form.elements.namedItem('at'));
  const atUtc = /** @type {HTMLInputElement} */ (form.elements.namedItem('at_utc'));
  const field = /** @type {HTMLElement} */ (at.closest('.field'));
  const label = /** @type {HTMLElement} */ (field.querySelector('label'));
  label.textContent = 'Date and time';
  if (at.value !== '') {
    at.value = localInput(new Date(`${at.value}Z`));
  }
  const show = () => {
    field.hidden = new FormData(form).get('when') !== 'at';
  };
  form.addEventListener('change', show);
  form.addEventListener('submit', () => {
    const moment = new Date(at.value);
    atUtc.value = Number.isNaN(moment.getTime()) ? '' : moment.toISOString();
  });
  show();
}

for (const element of globalThis.document?.querySelectorAll('time[data-moment]') ?? []) {
  inOwnClock(/** @type {HTMLTimeElement} */ (element));
}
for (const form of globalThis.document?.querySelectorAll('form[data-expiry]') ?? []) {
  equip(/** @type {HTMLFormElement} */ (form));
}
