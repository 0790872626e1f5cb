import type { Candidate } from './nested.js';
import type { Standardised } from './standardise.js';
import { Tableau } from './tableau.js';

/** Steps of an exchange; every one lowers the criterion, so this only guards against rounding. */
const MOST_STEPS = 100;

/** The criterion of a support of so many terms that leaves such a share. */
export type Cost = (left: number, terms: number) => number;

interface Change {
  readonly columns: readonly number[];
  readonly cost: number;
}

/**
 * From a support on: as long as one column entering, leaving, or changing places with another lowers
 * the cost, the best such change is made. Returns every support that it came by.
 */
export function exchangeUntilBest(
  standardised: Standardised,
  start: readonly number[],
  most: number,
  cost: Cost,
): Candidate[] {
  const visited: Candidate[] = [];
  let support = start;
  for (let step = 0; step < MOST_STEPS; step++) {
    // From the beginning every time, so that rounding does not add up over steps.
    const tableau = new Tableau(standardised);
    for (const column of support) tableau.exchange(column);
    const left = Math.max(0, tableau.left);
    if (step > 0) visited.push({ support: tableau.support, left });
    const now = cost(left, support.length);
    const change = bestChange(tableau, most, cost);
    if (!change || change.cost >= now - 1e-9 * Math.abs(now)) break;
    for (const column of change.columns) tableau.exchange(column);
    support = tableau.support;
  }
  return visited;
}

function bestChange(tableau: Tableau, most: number, cost: Cost): Change | null {
  const { support, left } = tableau;
  const terms = support.length;
  let best: Change | null = null;
  const offer = (columns: readonly number[], leaves: number, size: number): void => {
    const offered = cost(Math.max(0, leaves), size);
    if (!best || offered < best.cost) best = { columns, cost: offered };
  };
  const enter = (before: readonly number[], size: number): void => {
    let column = -1;
    let gain = 0;
    for (let k = 0; k < tableau.size; k++) {
      if (tableau.inside[k]) continue;
      const gained = tableau.gain(k);
      if (gained > gain) [column, gain] = [k, gained];
    }
    if (column >= 0) offer([...before, column], tableau.left - gain, size);
  };
  if (terms < most) enter([], terms + 1);
  for (const column of support) {
    offer([column], left + tableau.loss(column), terms - 1);
    tableau.exchange(column);
    enter([column], terms);
    tableau.exchange(column);
  }
  return best;
}
