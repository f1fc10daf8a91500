/**
 * Which device is meant, and what a picker shows of it: pure.
 *
 * @typedef {import('../rtc/devices.js').Kind} Kind
 * @typedef {import('./preferences.js').Wanted} Wanted
 *
 * @typedef {object} Picker What a select shows.
 * @property {readonly { value: string, text: string }[]} options
 * @property {string} value
 * @property {boolean} disabled There is nothing to choose.
 */

/**
 * A remembered device among those that are there: by its id, or by its label where the
 * browser has given it another id since.
 *
 * @param {readonly Wanted[]} devices
 * @param {Wanted | null} wanted
 * @returns {Wanted | null}
 */
export function find(devices, wanted) {
  if (wanted === null) {
    return null;
  }
  const byLabel = () => devices.find(({ label }) => label !== '' && label === wanted.label);
  return devices.find(({ id }) => id === wanted.id) ?? byLabel() ?? null;
}

/**
 * @param {Kind} kind
 * @param {string | null} running Id of the device in use; null: none is, or not known.
 * @param {Wanted | null} wanted As remembered.
 * @returns {Picker}
 */
export function picker({ devices, hidden }, running, wanted) {
  if (devices.length === 0) {
    const text = hidden ? 'Known once it is allowed' : 'None found';
    return { options: [{ value: '', text }], value: '', disabled: true };
  }
  const options = devices.map(({ id, label }) => ({ value: id, text: label }));
  const known = devices.find(({ id }) => id === running) ?? find(devices, wanted);
  return { options, value: known?.id ?? options[0]?.value ?? '', disabled: false };
}

/**
 * Speakers have no stream to read the choice from: the system's stands first.
 *
 * @param {Kind} kind
 * @param {Wanted | null} wanted
 * @returns {Picker}
 */
export function speakerPicker({ devices }, wanted) {
  const hasDefault = devices.some(({ id }) => id === 'default');
  const system = hasDefault ? [] : [{ value: '', text: "The system's speaker" }];
  const options = [...system, ...devices.map(({ id, label }) => ({ value: id, text: label }))];
  const value = find(devices, wanted)?.id ?? options[0]?.value ?? '';
  return { options, value, disabled: options.length < 2 };
}
