/**
 * The statistics panel, for the curious and for reports of trouble: one table per
 * person, and all of it as text without names or addresses.
 *
 * @typedef {import('../call/types.js').CallState} CallState
 * @typedef {import('../call/types.js').Peer} Peer
 * @typedef {import('../call/types.js').Link} Link
 */

import { QUALITY_WORDS, qualityOf } from '../call/quality.js';
import { linkWords } from '../call/words.js';
import { fromTemplate, KeyedList, part, setAttribute, setShown, setText } from './dom.js';

/**
 * @param {Link} link
 * @returns {[string, string][]} Label and value; what is not known is left out.
 */
export function rows(link) {
  const quality = qualityOf(link);
  const { frameWidth, frameHeight, fps } = link;
  const picture = frameWidth && frameHeight ? `${frameWidth} × ${frameHeight}` : '';
  /** @type {[string, string][]} */
  const all = [
    ['Way', linkWords(link)],
    ['Quality', quality === null ? '' : QUALITY_WORDS[quality]],
    ['Round trip', number(link.rttMs, 'ms')],
    ['Loss', link.loss === null ? '' : `${(link.loss * 100).toFixed(1)} %`],
    ['Jitter', number(link.jitterMs, 'ms')],
    ['Coming in', bitrate(link.inBitrate)],
    ['Going out', bitrate(link.outBitrate)],
    ['Picture', picture],
    ['Frames', number(fps, 'per second')],
    ['Codec', link.codec ?? ''],
    ['Held back by', limitationWords(link.limitation)],
  ];
  return all.filter(([, value]) => value !== '');
}

/**
 * @param {readonly Peer[]} peers
 * @returns {string}
 */
export function statsText(peers) {
  const parts = peers.map(({ link }, index) =>
    [`Person ${index + 1}`, ...rows(link).map(([label, value]) => `  ${label}: ${value}`)].join(
      '\n',
    ),
  );
  return ['Traverse, statistics of the call', ...parts].join('\n');
}

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {() => CallState} options.state
 * @param {(text: string) => unknown} options.copy
 * @param {AbortSignal} options.signal
 * @returns {(state: CallState) => void}
 */
export function mountStats(root, { state, copy, signal }) {
  const copyButton = part(root, 'stats-copy');
  copyButton.addEventListener('click', () => void copy(statsText(state().peers)), { signal });
  const empty = part(root, 'stats-empty');
  const list = new KeyedList(part(root, 'stats-list'), {
    keyOf: (/** @type {Peer} */ peer) => peer.id,
    create: (peer) => {
      const element = fromTemplate('stats-person');
      setAttribute(element, 'data-peer-id', peer.id);
      return element;
    },
    update: (element, peer) => {
      setText(part(element, 'name'), peer.name);
      drawRows(part(element, 'rows'), rows(peer.link));
    },
  });
  return ({ panel, peers }) => {
    if (panel === 'stats') {
      list.render(peers);
      setShown(empty, peers.length === 0);
      setShown(copyButton, peers.length > 0);
    }
  };
}

/**
 * @param {HTMLElement} table
 * @param {readonly [string, string][]} wanted
 */
function drawRows(table, wanted) {
  while (table.children.length > wanted.length) {
    table.lastElementChild?.remove();
  }
  for (const [index, [label, value]] of wanted.entries()) {
    const row = table.children[index] ?? table.appendChild(fromTemplate('stats-row'));
    setText(part(row, 'label'), label);
    setText(part(row, 'value'), value);
  }
}

/**
 * @param {number | null | undefined} value
 * @param {string} unit
 * @returns {string}
 */
function number(value, unit) {
  return value == null ? '' : `${Math.round(value)} ${unit}`;
}

/**
 * @param {number | null | undefined} bps
 * @returns {string}
 */
function bitrate(bps) {
  if (bps == null) {
    return '';
  }
  return bps >= 1e6 ? `${(bps / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bps / 1e3)} kbit/s`;
}

/**
 * @param {string | null | undefined} reason Of `qualityLimitationReason`.
 * @returns {string}
 */
function limitationWords(reason) {
  switch (reason) {
    case 'cpu':
      return 'this computer';
    case 'bandwidth':
      return 'the network';
    default:
      return '';
  }
}
