import type { Standardised } from './standardise.js';

/** A point of the L1 path. */
export interface LassoPoint {
  readonly penalty: number;
  /** K, in standardised units. */
  readonly coefficients: Float64Array;
  /** Largest violation of the optimality conditions, as a share of the penalty. */
  readonly violation: number;
}

interface LassoOptions {
  /** How many penalties, from the one that leaves nothing down to `least` of it, evenly by ratio. */
  readonly penalties?: number;
  readonly least?: number;
  /** Violation of the optimality conditions, as a share of the penalty, that will do. */
  readonly tolerance?: number;
  readonly sweeps?: number;
}

/**
 * Minimises ½ · (mean square residual) + penalty · Σ |coefficient|, in standardised units, for one
 * penalty after another, each from the solution before: coordinate descent (Friedman et al. 2007) until
 * the optimality (KKT) conditions hold, or until `sweeps` have passed: `violation` says which.
 */
export function lassoPath(
  { size, gram, cross }: Standardised,
  { penalties = 16, least = 1e-3, tolerance = 1e-2, sweeps = 50 }: LassoOptions = {},
): LassoPoint[] {
  const largest = Math.max(0, ...cross.map(Math.abs));
  if (largest === 0) return [];
  const coefficients = new Float64Array(size);
  // What is left to explain of each column's product with the target.
  const toward = cross.slice();
  const move = (column: number, penalty: number): void => {
    const own = gram[column * size + column]!;
    if (own === 0) return;
    const before = coefficients[column]!;
    const after = softly(toward[column]! + before * own, penalty) / own;
    if (after === before) return;
    coefficients[column] = after;
    const start = column * size;
    for (let k = 0; k < size; k++) toward[k]! -= (after - before) * gram[start + k]!;
  };
  return Array.from({ length: penalties }, (_, step) => {
    const penalty = largest * least ** ((step + 1) / penalties);
    let violation = Number.POSITIVE_INFINITY;
    for (let sweep = 0; sweep < sweeps && violation > tolerance; sweep++) {
      for (let column = 0; column < size; column++) move(column, penalty);
      // Columns that are in are worked on until little changes; then all are looked at again.
      for (let inner = 0; inner < 10; inner++) {
        for (let column = 0; column < size; column++) {
          if (coefficients[column] !== 0) move(column, penalty);
        }
      }
      violation = worstViolation(coefficients, toward, penalty) / penalty;
    }
    return { penalty, coefficients: coefficients.slice(), violation };
  });
}

const softly = (value: number, penalty: number): number =>
  Math.sign(value) * Math.max(0, Math.abs(value) - penalty);

function worstViolation(coefficients: Float64Array, toward: Float64Array, penalty: number): number {
  let worst = 0;
  for (const [k, coefficient] of coefficients.entries()) {
    const excess =
      coefficient === 0
        ? Math.abs(toward[k]!) - penalty
        : Math.abs(toward[k]! - penalty * Math.sign(coefficient));
    worst = Math.max(worst, excess);
  }
  return worst;
}
