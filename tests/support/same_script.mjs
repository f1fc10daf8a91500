/**
 * Says which scripts are not the same program before and after they were made lighter.
 *
 * Standard input: lines of JSON `{name, before, after}`, paths. Standard output: the names
 * of those whose syntax trees differ in more than places. What cannot be read is an error.
 */

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parse } from 'acorn';

/** Where something stands, and how it was written down. */
const WRITING = new Set(['start', 'end', 'raw']);

/** @param {string} path */
function treeOf(path) {
  const tree = parse(readFileSync(path, 'utf8'), { ecmaVersion: 'latest', sourceType: 'module' });
  return JSON.stringify(tree, (key, value) => {
    if (typeof value === 'bigint') return `${value}n`;
    // The hash in a module's name is meant to differ; that it resolves is tested elsewhere.
    if (key === 'source' && value?.type === 'Literal')
      return value.value.replace(/\.[0-9a-f]{12}\.js$/, '.js');
    return WRITING.has(key) && typeof value !== 'object' ? undefined : value;
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, before, after } = JSON.parse(line);
  if (treeOf(before) !== treeOf(after)) process.stdout.write(`${name}\n`);
}
