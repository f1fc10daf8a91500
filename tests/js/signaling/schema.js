/**
 * The published schema of the protocol, and as much of JSON Schema as it uses. A word that
 * is not known here throws, so that no rule is passed over in silence.
 */

import { readFileSync } from 'node:fs';

/** @param {string} path below the top of the tree @returns {any} */
const read = (path) =>
  JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'));

/** @param {string} name @returns {{ name: string, frame: any }[]} */
export const golden = (name) => read(`tests/fixtures/protocol/${name}.json`);

/** @param {'client' | 'server' | 'link'} side */
export function published(side) {
  const root = read(`docs/protocol/${side}.schema.json`);
  /** @type {Map<string, any>} */
  const shapes = new Map();
  for (const { $ref } of root.oneOf) {
    const shape = root.$defs[nameOf($ref)];
    shapes.set(shape.properties.type.const, shape);
  }
  return {
    types: new Set(shapes.keys()),
    /** @param {any} frame @returns {string[]} What is wrong with it. */
    faults(frame) {
      const shape = shapes.get(frame?.type);
      return shape ? faultsOf(frame, shape, root.$defs, frame.type) : [`${frame?.type}: no type`];
    },
  };
}

/** @param {string} ref */
const nameOf = (ref) => ref.replace('#/$defs/', '');
const isObject = (/** @type {any} */ value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @type {Record<string, (value: any) => boolean>} */
const TYPES = {
  array: Array.isArray,
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  null: (value) => value === null,
  number: Number.isFinite,
  object: isObject,
  string: (value) => typeof value === 'string',
};

/** Rules that look at one value alone. @type {Record<string, (value: any, rule: any) => boolean>} */
const RULES = {
  type: (value, type) => TYPES[type]?.(value) ?? false,
  const: (value, expected) => value === expected,
  enum: (value, allowed) => allowed.includes(value),
  minimum: (value, bound) => value >= bound,
  maximum: (value, bound) => value <= bound,
  minLength: (value, bound) => [...value].length >= bound,
  maxLength: (value, bound) => [...value].length <= bound,
  pattern: (value, pattern) => new RegExp(pattern, 'u').test(value),
  minItems: (value, bound) => value.length >= bound,
  maxItems: (value, bound) => value.length <= bound,
  required: (value, names) =>
    names.every((/** @type {string} */ name) => Object.hasOwn(value, name)),
};
const WORDS_ONLY = new Set(['title', 'description', 'default', 'additionalProperties']);

/**
 * @param {any} value
 * @param {any} shape
 * @param {Record<string, any>} defs
 * @param {string} at
 * @returns {string[]}
 */
function faultsOf(value, shape, defs, at) {
  if (shape.type !== undefined && !RULES.type?.(value, shape.type)) {
    return [`${at}: not of type ${shape.type}`];
  }
  return Object.entries(shape).flatMap(([word, rule]) => {
    if (WORDS_ONLY.has(word)) return [];
    if (word === 'properties') return fieldFaults(value, shape, defs, at);
    const nested = NESTED[word];
    if (nested) return nested(value, rule, defs, at);
    const holds = RULES[word];
    if (!holds) throw new Error(`this test does not know the schema word ${word}`);
    return holds(value, rule) ? [] : [`${at}: ${word} ${rule}`];
  });
}

/** @type {Record<string, (value: any, rule: any, defs: Record<string, any>, at: string) => string[]>} */
const NESTED = {
  $ref: (value, ref, defs, at) => faultsOf(value, defs[nameOf(ref)], defs, at),
  items: (values, shape, defs, at) =>
    values.flatMap((/** @type {any} */ value, /** @type {number} */ index) =>
      faultsOf(value, shape, defs, `${at}[${index}]`),
    ),
  anyOf: (value, shapes, defs, at) =>
    shapes.some((/** @type {any} */ shape) => faultsOf(value, shape, defs, at).length === 0)
      ? []
      : [`${at}: fits none of ${shapes.length}`],
};

/** @param {any} value @param {any} shape @param {Record<string, any>} defs @param {string} at */
function fieldFaults(value, { properties, additionalProperties }, defs, at) {
  return Object.entries(value).flatMap(([name, field]) => {
    if (Object.hasOwn(properties, name)) {
      return faultsOf(field, properties[name], defs, `${at}.${name}`);
    }
    return additionalProperties === false ? [`${at}.${name}: no such field`] : [];
  });
}
