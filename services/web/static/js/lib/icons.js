/**
 * Icons of the one sprite that the template names in <meta name="icon-sprite">.
 *
 * The picture is always decoration: the control that holds it carries the words.
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} name of a symbol in core/icons.txt
 * @returns {SVGSVGElement}
 */
export function iconElement(name) {
  const meta = document.querySelector('meta[name="icon-sprite"]');
  const sprite = meta?.getAttribute('content') ?? '/static/icons.svg';
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
