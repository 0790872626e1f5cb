import { missingSetting, unknownSetting, wrongSetting } from '../base/diagnostics/circuit.js';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { failure, type Result, success } from '../base/result.js';

/** One setting of a circuit, as it may stand in an experiment. */
export interface CircuitOption<T> {
  readonly meaning: string;
  /** Undefined: it must be given. */
  readonly fallback: T | undefined;
  /** What it may be, in words: `a whole number from 1`. */
  readonly range: string;
  /** The value if it is one; undefined if not. */
  read(given: unknown): T | undefined;
}

export type OptionSet = Readonly<Record<string, CircuitOption<unknown>>>;

/** The values of a set of settings, by name. */
export type ValuesOf<S extends OptionSet> = {
  readonly [K in keyof S]: S[K] extends CircuitOption<infer T> ? T : never;
};

/** Settings that were given, filled up with the defaults; all that is wrong with them. */
export function readOptions<S extends OptionSet>(
  circuit: string,
  set: S,
  given: Readonly<Record<string, unknown>>,
): Result<ValuesOf<S>> {
  const known = Object.keys(set);
  const mistakes: Diagnostic[] = Object.keys(given)
    .filter((name) => !Object.hasOwn(set, name))
    .map((name) => unknownSetting({ circuit, given: name, known }));
  const values = known.map((name) => {
    const { fallback, range, meaning, read } = set[name]!;
    if (given[name] === undefined) {
      if (fallback === undefined) mistakes.push(missingSetting({ circuit, name, range, meaning }));
      return [name, fallback];
    }
    const value = read(given[name]);
    if (value === undefined) {
      mistakes.push(wrongSetting({ circuit, name, given: inWords(given[name]), range }));
    }
    return [name, value];
  });
  if (mistakes.length > 0) return failure(...mistakes);
  return success(Object.fromEntries(values) as ValuesOf<S>);
}

interface Limits {
  readonly least?: number;
  readonly most?: number;
  /** `least` itself is not allowed. */
  readonly above?: boolean;
}

interface Said<T> {
  readonly meaning: string;
  readonly fallback?: T;
}

/** A finite number within limits. */
export function numberOption(said: Said<number> & Limits): CircuitOption<number> {
  return {
    meaning: said.meaning,
    fallback: said.fallback,
    range: `a number${limitsInWords(said)}`,
    read: (given) => (isWithin(given, said) ? given : undefined),
  };
}

/** A whole number within limits. */
export function countOption(said: Said<number> & Limits): CircuitOption<number> {
  return {
    meaning: said.meaning,
    fallback: said.fallback,
    range: `a whole number${limitsInWords(said)}`,
    read: (given) => (isWithin(given, said) && Number.isSafeInteger(given) ? given : undefined),
  };
}

/** A list of whole numbers, each within limits. */
export function countsOption(
  said: Said<readonly number[]> & Limits & { readonly shortest?: number },
): CircuitOption<readonly number[]> {
  const { shortest = 1 } = said;
  const one = countOption({ ...said, fallback: 0 });
  return {
    meaning: said.meaning,
    fallback: said.fallback,
    range: `a list of ${shortest} or more whole numbers${limitsInWords(said)}`,
    read: (given) =>
      Array.isArray(given) &&
      given.length >= shortest &&
      given.every((each) => one.read(each) !== undefined)
        ? (given as readonly number[])
        : undefined,
  };
}

/** One of a few words. */
export function wordOption<const W extends string>(
  said: Said<W> & { readonly words: readonly W[] },
): CircuitOption<W> {
  return {
    meaning: said.meaning,
    fallback: said.fallback,
    range: `one of: ${said.words.join(', ')}`,
    read: (given) => said.words.find((word) => word === given),
  };
}

/** Any of a few words, each at most once. */
export function wordsOption<const W extends string>(
  said: Said<readonly W[]> & { readonly words: readonly W[] },
): CircuitOption<readonly W[]> {
  return {
    meaning: said.meaning,
    fallback: said.fallback,
    range: `a list of any of: ${said.words.join(', ')}`,
    read: (given) =>
      Array.isArray(given) &&
      new Set(given).size === given.length &&
      given.every((each) => said.words.includes(each))
        ? (given as readonly W[])
        : undefined,
  };
}

/** True or false. */
export function flagOption(said: Said<boolean>): CircuitOption<boolean> {
  return {
    meaning: said.meaning,
    fallback: said.fallback,
    range: 'true or false',
    read: (given) => (typeof given === 'boolean' ? given : undefined),
  };
}

function isWithin(given: unknown, { least, most, above }: Limits): given is number {
  if (typeof given !== 'number' || !Number.isFinite(given)) return false;
  if (most !== undefined && given > most) return false;
  return least === undefined || given > least || (given === least && above !== true);
}

function limitsInWords({ least, most, above }: Limits): string {
  const from = least === undefined ? '' : ` ${above ? 'above' : 'from'} ${least}`;
  return most === undefined ? from : `${from} to ${most}`;
}

function inWords(given: unknown): string {
  const text = JSON.stringify(given) ?? String(given);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
