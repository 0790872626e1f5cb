import { leastSquares } from '../sparse/least-squares.js';
import { combineMoments, type Moments } from '../sparse/moments.js';
import { eliminate } from './eliminate.js';

/** What is fitted: courses at points, or parts of them. */
export interface Fitted {
  /** Numbers that all trials have in common, at the beginning of a point. */
  readonly size: number;
  /** Numbers that every trial has of its own, behind them. */
  readonly own: number;
  /** Moments of derivatives and residuals, one a trial; null where numbers stop being finite. */
  at(point: Float64Array): Promise<{ readonly trials: readonly Moments[] } | null>;
}

/** Where a fit ended. */
export interface Optimum {
  readonly point: Float64Array;
  /** Of derivatives and residuals there, one a trial. */
  readonly trials: readonly Moments[];
  /** Σ residual², or what else is measured. */
  readonly cost: number;
}

/** Steps at most, and the share of the cost below which a step that lowers it is the last. */
const LIMITS = { steps: 40, least: 1e-9 };
/** Damping (Marquardt's, in units of each column's mean square) at first, and how it changes. */
const DAMPING = { first: 1e-3, least: 1e-9, most: 1e8, better: 1 / 6, worse: 4 };

/**
 * Least squares of residuals by the method of Levenberg and Marquardt: each step solves the linear
 * problem of the derivatives at hand, damped as far as is needed for the cost to fall. Of what the trials
 * have in common only the numbers of `support` change; what they have of their own always does. Null where
 * the start itself does not stay finite.
 */
export async function gaussNewton(
  fitted: Fitted,
  start: Float64Array,
  support: readonly number[],
  least = LIMITS.least,
): Promise<Optimum | null> {
  let here = await optimumAt(fitted, start);
  if (!here || (support.length === 0 && fitted.own === 0)) return here;
  let damping = DAMPING.first;
  for (let step = 0; step < LIMITS.steps; step++) {
    let next: Optimum | null = null;
    while (!next && damping < DAMPING.most) {
      const point = stepped(fitted, here, support, damping);
      const tried = point && (await optimumAt(fitted, point));
      if (tried && tried.cost < here.cost) next = tried;
      else damping *= DAMPING.worse;
    }
    if (!next) return here;
    const isLast = here.cost - next.cost <= least * here.cost;
    here = next;
    damping = Math.max(DAMPING.least, damping * DAMPING.better);
    if (isLast) return here;
  }
  return here;
}

async function optimumAt(fitted: Fitted, point: Float64Array): Promise<Optimum | null> {
  const found = await fitted.at(point);
  if (!found) return null;
  const cost = found.trials.reduce((sum, { power }) => sum + power, 0);
  return { point, trials: found.trials, cost };
}

function stepped(
  { size, own }: Fitted,
  { point, trials }: Optimum,
  support: readonly number[],
  damping: number,
): Float64Array | null {
  const parts = trials.map((moments) => eliminate(damped(moments, damping), size));
  const moments = combineMoments(parts.map((part) => part.moments));
  // Columns without any effect cannot be fitted; damped ones never depend on each other.
  const moving = support.filter((k) => moments.gram[k * size + k]! > 0);
  const fit = leastSquares(moments, moving);
  if (!fit) return null;
  const next = point.slice();
  for (let k = 0; k < size; k++) next[k]! += fit.coefficients[k]!;
  parts.forEach((part, trial) => {
    part.follow(fit.coefficients).forEach((change, k) => {
      next[size + trial * own + k]! += change;
    });
  });
  return next;
}

function damped(moments: Moments, damping: number): Moments {
  const size = moments.cross.length;
  const gram = moments.gram.slice();
  for (let k = 0; k < size; k++) gram[k * size + k]! *= 1 + damping;
  return { ...moments, gram };
}

/**
 * The linear problem whose solution is the next step, in terms of the parameters themselves: the target
 * is the residual and what the parameters at hand explain; what the trials have of their own follows.
 */
export function linearised({ point, trials }: Optimum, size: number): Moments[] {
  return trials.map((whole) => {
    const { n, gram, cross, power } = eliminate(whole, size).moments;
    const explained = new Float64Array(size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) explained[a]! += gram[a * size + b]! * point[b]!;
    }
    let added = 0;
    for (let a = 0; a < size; a++) added += point[a]! * (2 * cross[a]! + explained[a]!);
    return { n, gram, cross: cross.map((c, a) => c + explained[a]!), power: power + added };
  });
}
