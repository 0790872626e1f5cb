import type { Words } from './code.js';

/** Pieces of the text format (WebAssembly core specification, section 6). */

/** Lines are broken where they are longer than this. */
export const WIDTH = 96;

/** Pieces one after another, as many to a line as fit. */
export function filled(pieces: readonly string[]): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const joined = lines.length === 0 ? piece : `${lines.at(-1)} ${piece}`;
    if (lines.length === 0 || joined.length > WIDTH - 4) lines.push(piece);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

/** A floating-point constant in the text format: the shortest decimal that gives these bits again. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The same of a number of single precision. */
export function singleText(value: number): string {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = floatText(Number(single.toPrecision(digits)));
    if (Object.is(Math.fround(Number(text)), single)) return text;
  }
  return floatText(single);
}

/** What identifiers of the text format may consist of; anything else becomes `_`. */
const identifier = (name: string): string =>
  name.replaceAll('′', "'").replace(/[^A-Za-z0-9!#$%&'*+\-./:<=>?@\\^_`|~]/g, '_') || '_';

/** Names made different by numbers. */
export function distinctNames(): (name: string) => string {
  const seen = new Map<string, number>();
  return (name) => {
    const base = identifier(name);
    for (;;) {
      const count = seen.get(base) ?? 0;
      seen.set(base, count + 1);
      const candidate = count === 0 ? base : `${base}.${count + 1}`;
      if (candidate === base) return base;
      if (seen.has(candidate)) continue;
      seen.set(candidate, 1);
      return candidate;
    }
  };
}

export const wordsOf = (words: Words): string => (typeof words === 'function' ? words() : words);

/** Gives each thing a name of its own. */
export function named<T extends { readonly name: Words }>(): (thing: T) => string {
  const distinct = distinctNames();
  const known = new Map<T, string>();
  return (thing) => {
    let name = known.get(thing);
    if (name === undefined) {
      name = distinct(wordsOf(thing.name));
      known.set(thing, name);
    }
    return name;
  };
}
