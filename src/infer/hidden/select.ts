import { criterionOf, type Price, USUAL_PRICE } from '../sparse/criterion.js';
import { combineMoments } from '../sparse/moments.js';
import { selectSupport } from '../sparse/select-support.js';
import { gaussNewton, type Linearise, linearised, type Optimum } from './gauss-newton.js';

/** Terms chosen for what was recorded of activity, and their fit. */
export interface HiddenSelection {
  readonly support: readonly number[];
  readonly optimum: Optimum;
  readonly criterion: number;
  /** Every support that was fitted, in order. */
  readonly tried: readonly {
    readonly support: readonly number[];
    readonly criterion: number;
    /** Σ residual². */
    readonly cost: number;
  }[];
  /** Σ residual² where no weight changes. */
  readonly nothing: number;
}

/** Supports that are fitted one after the other at most. */
const MOST_ROUNDS = 12;
/**
 * Parts of the trials to which all terms are fitted, one after the other: many terms at once grow
 * without bounds in long trials unless they begin near what is right.
 */
const PARTS = [0.1, 0.25, 0.5, 1];

/** What courses leave at given values, in the first `part` of every trial. */
export type LinearisePart = (values: Float64Array, part: number) => ReturnType<Linearise>;

/**
 * Terms for courses whose weights nobody saw: all terms are fitted at once, then a support is chosen of
 * the linear problem at that optimum, fitted by itself, and chosen again of the linear problem there,
 * until the choice stays. The criterion is that of linear fits, with the true residuals. Null where even
 * a circuit that does not learn does not stay finite.
 */
export async function selectHidden(
  part: LinearisePart,
  size: number,
  price: Price = USUAL_PRICE,
): Promise<HiddenSelection | null> {
  const at: Linearise = (values) => part(values, 1);
  const start = await gaussNewton(at, new Float64Array(size), []);
  if (!start) return null;
  const n = start.trials.reduce((sum, each) => sum + each.n, 0);
  const worth = ({ cost }: Optimum, support: readonly number[]): number =>
    criterionOf({ n, library: size }, cost / start.cost, support.length, price);
  const whole = (await fitAll(part, size)) ?? start;
  const tried = [{ support: [] as readonly number[], optimum: start, criterion: 0 }];
  let from = whole;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { support, coefficients } = selectSupport(combineMoments(linearised(from)), { price });
    if (tried.some((each) => each.support.join() === support.join())) break;
    const optimum =
      (await gaussNewton(at, coefficients, support)) ??
      (await gaussNewton(at, new Float64Array(size), support));
    if (!optimum) break;
    tried.push({ support, optimum, criterion: worth(optimum, support) });
    from = optimum;
  }
  const best = tried.reduce((a, b) => (b.criterion < a.criterion ? b : a));
  return {
    ...best,
    nothing: start.cost,
    tried: tried.map(({ support, criterion, optimum }) => ({
      support,
      criterion,
      cost: optimum.cost,
    })),
  };
}

async function fitAll(part: LinearisePart, size: number): Promise<Optimum | null> {
  const all = Array.from({ length: size }, (_, k) => k);
  let fitted: Optimum | null = null;
  for (const share of PARTS) {
    const before: Float64Array = fitted?.values ?? new Float64Array(size);
    fitted = (await gaussNewton((values) => part(values, share), before, all)) ?? fitted;
  }
  return fitted;
}
