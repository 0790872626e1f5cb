import { createRequire } from 'node:module';

type Mathjs = typeof import('mathjs');

let loaded: Mathjs | undefined;

/**
 * mathjs for plain numbers, read from disk at the first call: it takes some tenths of a second, and
 * most commands never need it.
 */
export function mathjs(): Mathjs {
  loaded ??= createRequire(import.meta.url)('mathjs/number') as Mathjs;
  return loaded;
}
