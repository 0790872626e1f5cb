import type { Scope } from '../language/checked.js';
import { functionNames } from '../language/functions.js';

/** Words that mathjs does not read as names. */
const RESERVED = [
  'mod to in and xor or not true false null undefined NaN Infinity end'.split(' '),
  functionNames,
].flat();

/**
 * Names of a scope as mathjs can write them, both ways: `post.error` is `post_error`. A name that
 * would be taken, or a word of mathjs, gets underscores at its end.
 */
export function mathjsNames(scope: Scope): {
  readonly written: ReadonlyMap<string, string>;
  readonly read: ReadonlyMap<string, string>;
} {
  const written = new Map<string, string>();
  const read = new Map<string, string>();
  const names = [...scope.table.signals.map(({ name }) => name), ...scope.parameters.keys()];
  for (const name of names) {
    let own = name.replaceAll('.', '_');
    while (read.has(own) || RESERVED.includes(own)) own += '_';
    written.set(name, own);
    read.set(own, name);
  }
  return { written, read };
}
