/**
 * The few ways in which ui/ touches the DOM: only what differs is written, text goes
 * in as text, lists are matched by key so that a playing video is never made anew.
 */

/**
 * @param {ParentNode} root
 * @param {string} name Value of `data-part`.
 * @returns {HTMLElement}
 * @throws {Error} when the template lacks it: a page without it is broken.
 */
export function part(root, name) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!(found instanceof HTMLElement)) {
    throw new Error(`the page has no part "${name}"`);
  }
  return found;
}

/**
 * @template {HTMLElement} T
 * @param {ParentNode} root
 * @param {string} name
 * @param {new () => T} kind
 * @returns {T}
 */
export function partOf(root, name, kind) {
  const found = part(root, name);
  if (!(found instanceof kind)) {
    throw new Error(`the part "${name}" is not a ${kind.name}`);
  }
  return found;
}

/**
 * @param {string} name Value of `data-template` of a template with one element.
 * @returns {HTMLElement}
 */
export function fromTemplate(name) {
  const template = document.querySelector(`template[data-template="${name}"]`);
  const first = template instanceof HTMLTemplateElement ? template.content.firstElementChild : null;
  const copy = first?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) {
    throw new Error(`the page has no template "${name}"`);
  }
  return copy;
}

/**
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value Null takes the attribute away.
 */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) === value) {
    return;
  }
  if (value === null) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value);
  }
}

/**
 * @param {HTMLElement} element
 * @param {boolean} shown
 */
export function setShown(element, shown) {
  if (element.hidden === shown) {
    element.hidden = !shown;
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} name A custom property; set through the CSSOM, which the CSP allows.
 * @param {string} value
 */
export function setVariable(element, name, value) {
  if (element.style.getPropertyValue(name) !== value) {
    element.style.setProperty(name, value);
  }
}

/**
 * A list whose elements follow items by key.
 *
 * @template Item
 */
export class KeyedList {
  #parent;
  #keyOf;
  #create;
  #update;
  #remove;
  /** @type {Map<string, HTMLElement>} */
  #elements = new Map();

  /**
   * @param {HTMLElement} parent Holds nothing else.
   * @param {object} options
   * @param {(item: Item) => string} options.keyOf
   * @param {(item: Item) => HTMLElement} options.create
   * @param {(element: HTMLElement, item: Item) => void} options.update
   * @param {(element: HTMLElement) => void} [options.remove] Closes what the element opened.
   */
  constructor(parent, { keyOf, create, update, remove = () => {} }) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#create = create;
    this.#update = update;
    this.#remove = remove;
  }

  /** @param {readonly Item[]} items */
  render(items) {
    const focused = document.activeElement;
    const had = focused !== null && this.#parent.contains(focused) ? focused : null;
    const wanted = new Set(items.map(this.#keyOf));
    for (const [key, element] of this.#elements) {
      if (!wanted.has(key)) {
        this.#remove(element);
        element.remove();
        this.#elements.delete(key);
      }
    }
    /** @type {Element | null} */
    let place = this.#parent.firstElementChild;
    for (const item of items) {
      const element = this.#elementFor(item);
      if (element === place) {
        place = place.nextElementSibling;
      } else {
        this.#parent.insertBefore(element, place);
      }
      this.#update(element, item);
    }
    if (had instanceof HTMLElement && had !== document.activeElement) {
      this.#refocus(had);
    }
  }

  /**
   * An element that moved lost the focus on the way; one that is gone leaves it to its
   * list, or to the heading of the view: never to the top of the page.
   *
   * @param {HTMLElement} had
   */
  #refocus(had) {
    const heir = had.isConnected
      ? had
      : (this.#parent.querySelector('button:not([hidden])') ??
        document.querySelector('[data-part="stage-focus"]'));
    if (heir instanceof HTMLElement) {
      heir.focus({ preventScroll: true });
    }
  }

  /**
   * @param {Item} item
   * @returns {HTMLElement}
   */
  #elementFor(item) {
    const key = this.#keyOf(item);
    const element = this.#elements.get(key) ?? this.#create(item);
    this.#elements.set(key, element);
    return element;
  }
}
