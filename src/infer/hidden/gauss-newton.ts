import { leastSquares } from '../sparse/least-squares.js';
import { combineMoments, type Moments } from '../sparse/moments.js';

/** What courses leave at given values; null where numbers stop being finite. */
export type Linearise = (
  values: Float64Array,
) => Promise<{ readonly trials: readonly Moments[] } | null>;

/** Where a fit ended. */
export interface Optimum {
  readonly values: Float64Array;
  /** Of derivatives and residuals at these values, one a trial. */
  readonly trials: readonly Moments[];
  /** Σ residual². */
  readonly cost: number;
}

export interface StepLimits {
  readonly steps: number;
  /** A step that lowers the cost by less than this share of it is the last. */
  readonly least: number;
}

const LIMITS: StepLimits = { steps: 40, least: 1e-9 };
/** Damping (Marquardt's, in units of each column's mean square) at first, and how it changes. */
const DAMPING = { first: 1e-3, least: 1e-9, most: 1e8, better: 1 / 6, worse: 4 };

/**
 * Least squares of residuals by the method of Levenberg and Marquardt: each step solves the linear
 * problem of the derivatives at hand, damped as far as is needed for the cost to fall. Only values of
 * `support` change. Null where the start itself does not stay finite.
 */
export async function gaussNewton(
  at: Linearise,
  start: Float64Array,
  support: readonly number[],
  limits: StepLimits = LIMITS,
): Promise<Optimum | null> {
  let here = await optimumAt(at, start);
  if (!here || support.length === 0) return here;
  let damping = DAMPING.first;
  for (let step = 0; step < limits.steps; step++) {
    const moments = combineMoments(here.trials);
    let next: Optimum | null = null;
    while (!next && damping < DAMPING.most) {
      const values = stepped(here.values, moments, support, damping);
      const tried = values && (await optimumAt(at, values));
      if (tried && tried.cost < here.cost) next = tried;
      else damping *= DAMPING.worse;
    }
    if (!next) return here;
    const fell = here.cost - next.cost;
    const isLast = fell <= limits.least * here.cost;
    here = next;
    damping = Math.max(DAMPING.least, damping * DAMPING.better);
    if (isLast) return here;
  }
  return here;
}

async function optimumAt(at: Linearise, values: Float64Array): Promise<Optimum | null> {
  const found = await at(values);
  if (!found) return null;
  const cost = found.trials.reduce((sum, { power }) => sum + power, 0);
  return { values, trials: found.trials, cost };
}

function stepped(
  from: Float64Array,
  moments: Moments,
  support: readonly number[],
  damping: number,
): Float64Array | null {
  const size = from.length;
  const gram = moments.gram.slice();
  for (let k = 0; k < size; k++) gram[k * size + k]! *= 1 + damping;
  // Columns without any effect cannot be fitted; damped ones never depend on each other.
  const moving = support.filter((k) => gram[k * size + k]! > 0);
  const fit = leastSquares({ ...moments, gram }, moving);
  return fit && from.map((value, k) => value + fit.coefficients[k]!);
}

/**
 * The linear problem whose solution is the next step, in terms of the values themselves: the target is
 * the residual and what the values at hand explain.
 */
export function linearised({ values, trials }: Optimum): Moments[] {
  return trials.map((moments) => {
    const { gram, cross, power, n } = moments;
    const size = values.length;
    const explained = new Float64Array(size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) explained[a]! += gram[a * size + b]! * values[b]!;
    }
    let added = 0;
    for (let a = 0; a < size; a++) added += values[a]! * (2 * cross[a]! + explained[a]!);
    return { n, gram, cross: cross.map((c, a) => c + explained[a]!), power: power + added };
  });
}
