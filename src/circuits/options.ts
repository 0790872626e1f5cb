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
  /** The same for programs: schemas of experiments are made from it. */
  readonly form: OptionForm;
  /** The value if it is one; undefined if not. */
  read(given: unknown): T | undefined;
}

/** What values an option takes, as data. */
export type OptionForm =
  | ({ readonly kind: 'number' | 'count' } & Limits)
  | ({ readonly kind: 'numbers' | 'counts'; readonly shortest: number } & Limits)
  /** A list of lists of numbers. */
  | { readonly kind: 'rows' }
  | { readonly kind: 'word' | 'words'; readonly words: readonly string[] }
  | { readonly kind: 'flag' | 'text' };

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
    form: { kind: 'number', ...limitsOf(said) },
    read: (given) => (isWithin(given, said) ? given : undefined),
  };
}

/** A whole number within limits. */
export function countOption(said: Said<number> & Limits): CircuitOption<number> {
  return {
    meaning: said.meaning,
    fallback: said.fallback,
    range: `a whole number${limitsInWords(said)}`,
    form: { kind: 'count', ...limitsOf(said) },
    read: (given) => (isWithin(given, said) && Number.isSafeInteger(given) ? given : undefined),
  };
}

type SaidOfList = Said<readonly number[]> & Limits & { readonly shortest?: number };

/** A list of whole numbers, each within limits. */
export function countsOption(said: SaidOfList): CircuitOption<readonly number[]> {
  return listOption(said, 'counts', 'whole numbers', countOption({ ...said, fallback: 0 }));
}

/** A list of finite numbers, each within limits. */
export function numbersOption(said: SaidOfList): CircuitOption<readonly number[]> {
  return listOption(said, 'numbers', 'numbers', numberOption({ ...said, fallback: 0 }));
}

function listOption(
  said: SaidOfList,
  kind: 'counts' | 'numbers',
  what: string,
  one: CircuitOption<number>,
): CircuitOption<readonly number[]> {
  const { shortest = 1 } = said;
  return {
    meaning: said.meaning,
    fallback: said.fallback,
    range: `a list of ${shortest} or more ${what}${limitsInWords(said)}`,
    form: { kind, shortest, ...limitsOf(said) },
    read: (given) =>
      Array.isArray(given) &&
      given.length >= shortest &&
      given.every((each) => one.read(each) !== undefined)
        ? (given as readonly number[])
        : undefined,
  };
}

/** A list of lists of finite numbers: rows, not necessarily of one length. */
export function rowsOption(
  said: Said<readonly (readonly number[])[]>,
): CircuitOption<readonly (readonly number[])[]> {
  const isRow = (given: unknown): boolean =>
    Array.isArray(given) && given.every((each) => isWithin(each, {}));
  return {
    ...said,
    fallback: said.fallback,
    range: 'a list of lists of numbers',
    form: { kind: 'rows' },
    read: (given) =>
      Array.isArray(given) && given.every(isRow)
        ? (given as readonly (readonly number[])[])
        : undefined,
  };
}

/** A text that is not empty. */
export function textOption(said: Said<string>): CircuitOption<string> {
  return {
    meaning: said.meaning,
    fallback: said.fallback,
    range: 'a text',
    form: { kind: 'text' },
    read: (given) => (typeof given === 'string' && given !== '' ? given : undefined),
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
    form: { kind: 'word', words: said.words },
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
    form: { kind: 'words', words: said.words },
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
    form: { kind: 'flag' },
    read: (given) => (typeof given === 'boolean' ? given : undefined),
  };
}

/** Only what limits: the rest of what is said about an option is no limit. */
function limitsOf({ least, most, above }: Limits): Limits {
  return {
    ...(least !== undefined && { least }),
    ...(most !== undefined && { most }),
    ...(above !== undefined && { above }),
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
