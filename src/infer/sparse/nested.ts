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
 * Sequential thresholding for all thresholds at once: from a fit of all columns, the smallest
 * standardised coefficient goes, the rest is refitted, and so on.
 */
export const sequentialThresholds = (standardised: Standardised, most: number): Candidate[] =>
  backward(standardised, most, (tableau, column) => Math.abs(tableau.coefficient(column)));

/** The same, but what goes is the column whose absence raises the residual least. */
export const backwardElimination = (standardised: Standardised, most: number): Candidate[] =>
  backward(standardised, most, (tableau, column) => tableau.loss(column));

function backward(
  standardised: Standardised,
  most: number,
  worth: (tableau: Tableau, column: number) => number,
): Candidate[] {
  const tableau = new Tableau(standardised);
  for (let column = 0; column < tableau.size; column++) {
    if (!tableau.isDependent(column)) tableau.exchange(column);
  }
  const candidates: Candidate[] = [];
  for (let support = tableau.support; support.length > 0; support = tableau.support) {
    if (support.length <= most) candidates.push({ support, left: Math.max(0, tableau.left) });
    const worths = support.map((column) => worth(tableau, column));
    tableau.exchange(support[worths.indexOf(Math.min(...worths))]!);
  }
  return candidates;
}
