/**
 * What of this page cannot be seen or pressed in the window as it is. The file is one
 * expression, a function; it answers sentences.
 */
() => {
  const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const UNREAD = 'script, style, template, noscript, .visually-hidden, svg';
  const shown = (text) => text.replace(/\s+/g, ' ').trim().slice(0, 40);
  const told = (element) => {
    const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
    return `${element.localName}.${element.className} "${shown(name)}"`;
  };
  const drawn = (element) => element.getClientRects().length > 0;
  const unseen = (element) => {
    const { clipPath, visibility, opacity } = getComputedStyle(element);
    return clipPath !== 'none' || visibility === 'hidden' || opacity === '0';
  };

  const overflow = () => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    return scrollWidth > clientWidth
      ? [`the page is ${scrollWidth} px wide in ${clientWidth}`]
      : [];
  };

  const mayCover = (over, element) =>
    element.contains(over) ||
    over.contains(element) ||
    over.closest('label')?.control === element ||
    // What can be closed or answered may lie over what is below it.
    over.closest('aside, dialog, [popover], .notices, .door') !== null;

  const faultOf = (element) => {
    element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1 || top < -1 || bottom > innerHeight + 1) {
      return [`${told(element)} is cut off by the window`];
    }
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (over && mayCover(over, element)) {
      return [];
    }
    return [`${told(element)} is under ${over ? told(over) : 'nothing'}`];
  };

  const controls = () =>
    [...document.querySelectorAll(CONTROLS)]
      .filter((each) => drawn(each) && !each.matches('.skip-link') && !unseen(each))
      .flatMap(faultOf);

  /** The nearest box that cuts this text off; null where it ends in three dots or is whole. */
  const cutBy = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    for (let box = node.parentElement; box && box !== document.body; box = box.parentElement) {
      const { clipPath, textOverflow, overflowX } = getComputedStyle(box);
      if (clipPath !== 'none' || textOverflow === 'ellipsis') {
        return null;
      }
      const { left, right } = box.getBoundingClientRect();
      if (overflowX === 'hidden' && (text.right > right + 1 || text.left < left - 1)) {
        return box;
      }
    }
    return null;
  };

  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const lost = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const { parentElement, textContent } = node;
      const read = textContent.trim() !== '' && drawn(parentElement);
      if (read && !parentElement.closest(UNREAD) && cutBy(node)) {
        lost.push(`the text "${shown(textContent)}" is cut off`);
      }
    }
    return lost;
  };

  const lost = [...overflow(), ...controls(), ...texts()];
  document.scrollingElement.scrollTo(0, 0);
  return lost;
};
