/**
 * What has the focus: its name as a screen reader says it, and whether an eye can tell.
 * The file is one expression, a function.
 */
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return { name: '', part: '', seen: true };
  const words = (id) => document.getElementById(id)?.textContent ?? '';
  const name =
    element.getAttribute('aria-label') ??
    (element.labels?.[0]?.textContent ||
      (element.getAttribute('aria-labelledby') ?? '').split(' ').map(words).join(' ').trim() ||
      element.textContent ||
      element.title);
  const marked = [element, ...element.querySelectorAll('*')].some((each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (
      (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) ||
      (boxShadow !== 'none' && each.closest('.round') !== null)
    );
  });
  const box = element.getBoundingClientRect();
  const inside =
    box.width > 0 &&
    box.height > 0 &&
    box.bottom > 0 &&
    box.right > 0 &&
    box.top < innerHeight &&
    box.left < innerWidth;
  return {
    name: String(name).replace(/\s+/g, ' ').trim(),
    part: element.dataset.part ?? element.id ?? '',
    seen: marked && inside,
  };
};
