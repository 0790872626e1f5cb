import type { Stream } from '../../base/random.js';
import { leastSquares } from '../sparse/least-squares.js';

/** The derivatives of one trial's course, and what the course without learning leaves of it. */
export interface TrialRows {
  /** One a term; 0 where nothing was recorded. */
  readonly columns: readonly Float64Array[];
  /** Recorded less computed without plasticity; 0 where nothing was recorded. */
  readonly left: Float64Array;
}

/**
 * How often trials whose records have changed places agree with the terms as well as they do in their
 * own: (1 + as good) / (1 + exchanges). If nothing learns, what was recorded beyond the course without
 * learning has nothing to do with what went in. Null for fewer than four trials: too few exchanges.
 */
export function trialTest(
  trials: readonly TrialRows[],
  exchanges: number,
  stream: Stream,
): number | null {
  if (trials.length < LEAST_TRIALS) return null;
  const size = trials[0]!.columns.length;
  const gram = new Float64Array(size * size);
  for (const { columns } of trials) {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) gram[a * size + b]! += product(columns[a]!, columns[b]!);
    }
  }
  const power = trials.reduce((sum, { left }) => sum + product(left, left), 0);
  const n = trials.reduce((sum, { left }) => sum + left.length, 0);
  // By pair of trials: products of the terms of one with what is left of the other.
  const crosses = trials.map(({ columns }) =>
    trials.map(({ left }) => columns.map((column) => product(column, left))),
  );
  const support = Array.from({ length: size }, (_, k) => k);
  const explained = (order: readonly number[]): number => {
    const cross = new Float64Array(size);
    for (const [k, from] of order.entries()) {
      for (let a = 0; a < size; a++) cross[a]! += crosses[k]![from]![a]!;
    }
    const fit = leastSquares({ n, gram, cross, power }, support);
    return fit ? power - fit.residual : 0;
  };
  const own = [...trials.keys()];
  const observed = explained(own);
  let asGood = 0;
  for (let k = 0; k < exchanges; k++) {
    if (explained(stream.child(k).choose(own, own.length)) >= observed) asGood += 1;
  }
  return (1 + asGood) / (1 + exchanges);
}

const LEAST_TRIALS = 4;

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
