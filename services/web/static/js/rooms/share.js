/**
 * The buttons beside a link to give to others: copy, and hand over to the device's own
 * share sheet where it has one. The link stands in a read-only field, which serves alone
 * where this module does not run, and by hand where the clipboard refuses.
 */

const CONFIRMED_MS = 2500;

/**
 * @typedef {object} Surroundings
 * @property {{writeText(text: string): Promise<void>} | undefined} clipboard Undefined outside
 *   a secure context.
 * @property {((data: ShareData) => Promise<void>) | undefined} share
 */

/** @returns {Surroundings} */
function ofThisBrowser() {
  return {
    clipboard: navigator.clipboard,
    share: typeof navigator.share === 'function' ? (data) => navigator.share(data) : undefined,
  };
}

/**
 * @param {HTMLElement} root `[data-share]`
 * @param {Surroundings} [surroundings]
 */
export function equip(root, { clipboard, share } = ofThisBrowser()) {
  const field = /** @type {HTMLInputElement} */ (root.querySelector('input'));
  const copy = /** @type {HTMLButtonElement} */ (root.querySelector('[data-copy]'));
  const send = /** @type {HTMLButtonElement} */ (root.querySelector('[data-send]'));
  const said = /** @type {HTMLElement} */ (root.querySelector('[data-said]'));
  const label = /** @type {HTMLElement} */ (copy.querySelector('[data-label]'));
  const atRest = label.textContent;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let fading;

  const rest = () => {
    clearTimeout(fading);
    delete root.dataset.copied;
    label.textContent = atRest;
    said.textContent = '';
  };

  const confirm = () => {
    rest();
    root.dataset.copied = '';
    label.textContent = 'Copied';
    said.textContent = 'Link copied';
    fading = setTimeout(rest, CONFIRMED_MS);
  };

  const byHand = () => {
    rest();
    root.dataset.byHand = '';
    field.focus();
    field.select();
    said.textContent = 'The browser did not allow copying. The link is selected: copy it by hand.';
  };

  field.addEventListener('focus', () => field.select());
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    try {
      if (clipboard === undefined) {
        throw new TypeError('no clipboard');
      }
      await clipboard.writeText(field.value);
      confirm();
    } catch {
      byHand();
    }
  });
  if (share !== undefined) {
    send.hidden = false;
    send.addEventListener('click', async () => {
      try {
        await share({ title: root.dataset.title ?? '', url: field.value });
      } catch (error) {
        // Closing the sheet without a choice is not a failure.
        if (!(error instanceof DOMException && error.name === 'AbortError')) {
          byHand();
        }
      }
    });
  }
  root.dataset.equipped = '';
}

for (const root of globalThis.document?.querySelectorAll('[data-share]') ?? []) {
  equip(/** @type {HTMLElement} */ (root));
}
