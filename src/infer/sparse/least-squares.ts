import type { Moments } from './moments.js';
import { type Standardised, standardise } from './standardise.js';

/** A fit without a penalty, of the columns of a support. */
export interface Fit {
  readonly support: readonly number[];
  /** K, in the units of the columns; 0 outside the support. */
  readonly coefficients: Float64Array;
  /** Σ (y − fit)². */
  readonly residual: number;
}

/**
 * Share of a column's mean square that the columns before it must leave unexplained. Sums of products
 * are known to some 13 digits, so what is left of a column below this is mostly rounding.
 */
export const DEPENDENT = 1e-9;

/**
 * Least squares on the columns of a support, by Cholesky's factors in standardised units. Null where
 * one of them depends on the others (or is zero everywhere): then coefficients mean nothing.
 */
export function leastSquares(moments: Moments, support: readonly number[]): Fit | null {
  return fitStandardised(moments, standardise(moments), support);
}

/** `leastSquares` for who has the standardised moments already. */
export function fitStandardised(
  moments: Moments,
  standardised: Standardised,
  support: readonly number[],
): Fit | null {
  const { size, scale, targetScale } = standardised;
  const factor = growFactor(standardised, support);
  if (factor.used.length < support.length) return null;
  const solution = factor.solve(support.length);
  const coefficients = new Float64Array(size);
  for (const [k, column] of support.entries()) {
    coefficients[column] = (solution[k]! * targetScale) / scale[column]!;
  }
  return { support, coefficients, residual: moments.power * factor.left(support.length) };
}

/** Cholesky's factor of a sequence of columns, and of each beginning of the sequence. */
export interface Factor {
  /** The columns that went in: those that do not depend on the ones before. */
  readonly used: readonly number[];
  /** Share of the target's mean square that the first m columns leave. */
  readonly left: (m: number) => number;
  /** Coefficients of the first m columns, in standardised units. */
  readonly solve: (m: number) => Float64Array;
  /** How much of a target all columns explain (Σ fit²), from its products with them. */
  readonly explained: (cross: Float64Array) => number;
}

/** Columns go in one after another; one that depends on those before it is left out. */
export function growFactor(
  { gram, cross, size, scale, n }: Standardised,
  order: readonly number[],
  most = order.length,
): Factor {
  const used: number[] = [];
  const rows: Float64Array[] = [];
  const forward: number[] = [];
  const left = [1];
  for (const column of order) {
    if (used.length === most) break;
    const m = used.length;
    const row = new Float64Array(m + 1);
    let pivot = gram[column * size + column]!;
    let toward = cross[column]!;
    for (let i = 0; i < m; i++) {
      const other = rows[i]!;
      let sum = gram[column * size + used[i]!]!;
      for (let j = 0; j < i; j++) sum -= row[j]! * other[j]!;
      row[i] = sum / other[i]!;
      pivot -= row[i]! * row[i]!;
      toward -= row[i]! * forward[i]!;
    }
    if (!(pivot > DEPENDENT)) continue;
    row[m] = Math.sqrt(pivot);
    rows.push(row);
    used.push(column);
    forward.push(toward / row[m]!);
    left.push(Math.max(0, left[m]! - forward[m]! ** 2));
  }
  const solve = (m: number): Float64Array => {
    const solution = new Float64Array(m);
    for (let i = m - 1; i >= 0; i--) {
      let sum = forward[i]!;
      for (let j = i + 1; j < m; j++) sum -= rows[j]![i]! * solution[j]!;
      solution[i] = sum / rows[i]![i]!;
    }
    return solution;
  };
  const explained = (products: Float64Array): number => {
    const done = new Float64Array(used.length);
    let sum = 0;
    for (const [i, column] of used.entries()) {
      let each = products[column]! / scale[column]!;
      for (let j = 0; j < i; j++) each -= rows[i]![j]! * done[j]!;
      done[i] = each / rows[i]![i]!;
      sum += done[i]! ** 2;
    }
    return sum / n;
  };
  return { used, left: (m) => left[m]!, solve, explained };
}
