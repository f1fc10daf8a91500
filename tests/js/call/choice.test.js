import assert from 'node:assert/strict';
import { test } from 'node:test';
import { find, picker, speakerPicker } from '../../../services/web/static/js/call/choice.js';

const one = { id: 'one', label: 'Built-in' };
const two = { id: 'two', label: 'Headset' };
/** @param {...{ id: string, label: string }} devices */
const kind = (...devices) => ({ devices, hidden: false });

test('a remembered device is found by its id, or by its name under another id', () => {
  assert.equal(find([one, two], { id: 'two', label: 'renamed' }), two);
  assert.equal(find([one, two], { id: 'forgotten', label: 'Headset' }), two);
  assert.equal(find([one, two], { id: 'gone', label: 'Gone' }), null);
  assert.equal(find([one, two], null), null);
});

test('two nameless devices are not taken for each other', () => {
  assert.equal(find([{ id: 'a', label: '' }], { id: 'b', label: '' }), null);
});

test('a picker shows the device that runs, whatever was wished', () => {
  assert.equal(picker(kind(one, two), 'one', two).value, 'one');
});

test('a picker of devices that are off shows what will be taken', () => {
  assert.equal(picker(kind(one, two), null, two).value, 'two');
  assert.equal(picker(kind(one, two), null, null).value, 'one');
});

test('a picker tells a device that is missing from one that is not allowed yet', () => {
  const missing = picker(kind(), null, null);
  const hidden = picker({ devices: [], hidden: true }, null, two);
  assert.deepEqual([missing.disabled, missing.options[0]?.text], [true, 'None found']);
  assert.deepEqual([hidden.disabled, hidden.options[0]?.text], [true, 'Known once it is allowed']);
});

test('the speaker of the system can be chosen again', () => {
  assert.deepEqual(
    speakerPicker(kind(one, two), null).options.map(({ value }) => value),
    ['', 'one', 'two'],
  );
  const chromium = speakerPicker(kind({ id: 'default', label: 'Default' }, two), two);
  assert.deepEqual([chromium.options.length, chromium.value], [2, 'two']);
  assert.equal(speakerPicker(kind(), null).disabled, true);
});
