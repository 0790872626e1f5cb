import { lassoPath } from './lasso-path.js';
import { growFactor } from './least-squares.js';
import type { Standardised } from './standardise.js';
import { Tableau } from './tableau.js';

/** A support and the share of the target's mean square that its refit leaves. */
export interface Candidate {
  readonly support: readonly number[];
  readonly left: number;
}

/**
 * Supports by magnitude along the L1 path: at every penalty the terms are ordered by the size of their
 * standardised coefficient, and every beginning of that order is refitted without the penalty. The path
 * itself lets false terms in before true ones wherever columns are correlated enough; they come in small.
 */
export function thresholdedPath(standardised: Standardised, most: number): Candidate[] {
  const seen = new Set<string>();
  return lassoPath(standardised).flatMap(({ coefficients }) => {
    const order = bySize(coefficients);
    const key = order.join();
    if (seen.has(key)) return [];
    seen.add(key);
    const { used, left } = growFactor(standardised, order, most);
    return used.map((_, m) => ({ support: used.slice(0, m + 1), left: left(m + 1) }));
  });
}

function bySize(coefficients: Float64Array): number[] {
  const inside = [...coefficients.keys()].filter((k) => coefficients[k] !== 0);
  return inside.sort((a, b) => Math.abs(coefficients[b]!) - Math.abs(coefficients[a]!));
}

/**
 * Two ways from a fit of all columns down to none, one column at a time and refitted every time:
 * sequential thresholding for all thresholds at once (the smallest standardised coefficient goes), and
 * backward elimination (that goes whose absence raises the residual least).
 */
export function downFromAll(standardised: Standardised, most: number): Candidate[] {
  const all = Tableau.ofAll(standardised);
  const ways = [
    (tableau: Tableau, column: number) => Math.abs(tableau.coefficient(column)),
    (tableau: Tableau, column: number) => tableau.loss(column),
  ];
  return ways.flatMap((worth) => backward(all.copy(), most, worth));
}

function backward(
  tableau: Tableau,
  most: number,
  worth: (tableau: Tableau, column: number) => number,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (let support = tableau.support; support.length > 0; support = tableau.support) {
    if (support.length <= most) candidates.push({ support, left: Math.max(0, tableau.left) });
    const worths = support.map((column) => worth(tableau, column));
    tableau.exchange(support[worths.indexOf(Math.min(...worths))]!);
  }
  return candidates;
}
