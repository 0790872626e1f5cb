import { growFactor, leastSquares } from '../sparse/least-squares.js';
import type { Moments } from '../sparse/moments.js';
import { standardise } from '../sparse/standardise.js';

/** Terms, by their places in the library, that are multiples of one another in every row. */
export interface AliasClass {
  /** The term that stands for the others. */
  readonly kept: number;
  /** Of these, `factor` times the kept one. None for a term that is like no other. */
  readonly others: readonly { readonly term: number; readonly factor: number }[];
}

/** A term that is a sum of others in every row. */
export interface Dependence {
  readonly term: number;
  readonly of: readonly { readonly term: number; readonly factor: number }[];
}

/** What a recording cannot tell apart, whatever its changes of weights are. */
export interface Aliases {
  readonly classes: readonly AliasClass[];
  /** Terms that are 0 in every row. */
  readonly zero: readonly number[];
  /** Among the kept terms. */
  readonly dependences: readonly Dependence[];
}

/** Correlations (without taking the mean out) this near to 1 are looked at row by row. */
const NEARLY_ONE = 1e-9;
/** Largest difference of two columns that are called the same, as a share of the largest number in them. */
const SAME = 1e-9;
/** The same for a column and a sum of others, which was found from sums of products. */
const SAME_SUM = 1e-6;
/** Parts of a sum that are smaller than this share of it are rounding. */
const SMALL_PART = 1e-6;

/**
 * Classes of columns that are multiples of one another, columns of zeros, and linear dependences among
 * what is left. `order` names the columns from the simplest on: the simplest of a class stands for it,
 * and what depends on simpler ones is said to be their sum.
 */
export function findAliases(
  columns: readonly Float64Array[],
  moments: Moments,
  order: readonly number[],
): Aliases {
  const standardised = standardise(moments);
  const { gram, size, scale } = standardised;
  const kept: number[] = [];
  const zero: number[] = [];
  const others = new Map<number, { term: number; factor: number }[]>();
  for (const term of order) {
    if (scale[term] === 0) {
      zero.push(term);
      continue;
    }
    const like = kept.find(
      (other) =>
        Math.abs(gram[term * size + other]!) > 1 - NEARLY_ONE &&
        isMultiple(columns[term]!, columns[other]!, factorOf(moments, term, other)),
    );
    if (like === undefined) kept.push(term);
    else {
      const factor = factorOf(moments, term, like);
      others.set(like, [...(others.get(like) ?? []), { term, factor }]);
    }
  }
  return {
    classes: kept.map((term) => ({ kept: term, others: others.get(term) ?? [] })),
    zero,
    dependences: dependencesOf(columns, moments, kept, growFactor(standardised, kept).used),
  };
}

/** The number of times that one column is another, by least squares. */
const factorOf = ({ gram, cross: { length: size } }: Moments, a: number, b: number): number =>
  gram[a * size + b]! / gram[b * size + b]!;

function isMultiple(a: Float64Array, b: Float64Array, factor: number): boolean {
  const parts = [{ column: b, factor }];
  return furthest(a, parts) <= SAME * furthest(a, []);
}

interface Part {
  readonly column: Float64Array;
  readonly factor: number;
}

/** The largest difference between a column and a sum of others. */
function furthest(column: Float64Array, parts: readonly Part[]): number {
  let off = 0;
  for (let row = 0; row < column.length; row++) {
    let left = column[row]!;
    for (const part of parts) left -= part.factor * part.column[row]!;
    off = Math.max(off, Math.abs(left));
  }
  return off;
}

/** Terms that depend on those before them in the order, each as a sum of terms that do not. */
function dependencesOf(
  columns: readonly Float64Array[],
  moments: Moments,
  order: readonly number[],
  used: readonly number[],
): Dependence[] {
  const independent = new Set(used);
  const found: Dependence[] = [];
  for (const [at, term] of order.entries()) {
    if (independent.has(term)) continue;
    const before = order.slice(0, at).filter((each) => independent.has(each));
    const parts = partsOf(moments, term, before);
    const sum = parts?.map(({ term: of, factor }) => ({ column: columns[of]!, factor }));
    const column = columns[term]!;
    if (sum && furthest(column, sum) <= SAME_SUM * furthest(column, [])) {
      found.push({ term, of: parts! });
    }
  }
  return found;
}

/** What a term is made of; null where rounding hides it. */
function partsOf(
  moments: Moments,
  term: number,
  before: readonly number[],
): Dependence['of'] | null {
  const { gram } = moments;
  const size = moments.cross.length;
  const power = gram[term * size + term]!;
  const toward = { ...moments, cross: gram.slice(term * size, (term + 1) * size), power };
  let parts = before;
  for (;;) {
    const fit = leastSquares(toward, parts);
    if (!fit) return null;
    const { coefficients } = fit;
    const share = (of: number): number =>
      Math.abs(coefficients[of]!) * Math.sqrt(gram[of * size + of]! / power);
    const large = parts.filter((of) => share(of) > SMALL_PART);
    if (large.length === parts.length) {
      return parts.map((of) => ({ term: of, factor: coefficients[of]! }));
    }
    parts = large;
  }
}
