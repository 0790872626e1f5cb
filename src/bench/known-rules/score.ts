import { dot } from '../../infer/sparse/moments.js';
import type { AssessedLibrary } from './assess-table.js';
import { type Monomial, monomialText } from './table.js';

/** How a fit stands against the rule that made the table. */
export interface Score {
  /** Established and tentative terms are the rule's, all of them, up to columns that are the same. */
  readonly isRight: boolean;
  /** Largest relative error of a coefficient; null unless right and there are terms. */
  readonly error: number | null;
  /** Of the rule's terms that were reported with an interval: how many, and how many it covers. */
  readonly intervals: number;
  readonly covered: number;
  /** Terms called established, and how many of these are the rule's. */
  readonly established: number;
  readonly establishedTrue: number;
  /** The same of terms called tentative. */
  readonly tentative: number;
  readonly tentativeTrue: number;
  /** What was reported, with signs, for people. */
  readonly reported: string;
}

/** How close to ±1 the correlation of columns is that are the same on these data. */
const SAME = 1e-9;

export function scoreOf(
  assessed: AssessedLibrary,
  library: readonly Monomial[],
  truth: ReadonlyMap<string, number>,
): Score {
  const { columns } = assessed;
  const names = library.map(monomialText);
  const rule = [...truth].map(([text, coefficient]) => ({
    column: names.indexOf(text),
    coefficient,
  }));
  const terms = assessed.terms
    .filter(({ verdict }) => verdict !== 'not identifiable')
    .map((term) => ({
      ...term,
      of: rule.find(({ column }) => isSame(columns[column]!, columns[term.column]!)) ?? null,
    }));
  const known = terms.flatMap(({ of, ...term }) => (of ? [{ ...term, of }] : []));
  const isRight =
    known.length === terms.length &&
    known.length === rule.length &&
    new Set(known.map(({ of }) => of)).size === rule.length;
  const errors = known.map(({ coefficient, of }) => Math.abs(coefficient / of.coefficient - 1));
  const withInterval = known.filter(({ interval }) => interval !== null);
  const established = terms.filter(({ verdict }) => verdict === 'established');
  return {
    isRight,
    error: isRight && errors.length > 0 ? Math.max(...errors) : null,
    intervals: withInterval.length,
    covered: withInterval.filter(
      ({ interval, of }) => interval![0] <= of.coefficient && of.coefficient <= interval![1],
    ).length,
    established: established.length,
    establishedTrue: established.filter(({ of }) => of !== null).length,
    tentative: terms.length - established.length,
    tentativeTrue: known.filter(({ verdict }) => verdict !== 'established').length,
    reported: terms
      .map(({ column, coefficient }) => `${coefficient.toPrecision(3)} ${names[column]}`)
      .join(', '),
  };
}

const isSame = (a: Float64Array, b: Float64Array): boolean =>
  a === b || dot(a, b) ** 2 > (1 - 2 * SAME) * dot(a, a) * dot(b, b);
