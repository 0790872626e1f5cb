import { criterionOf, type Price, USUAL_PRICE } from '../sparse/criterion.js';
import { combineMoments, type Moments } from '../sparse/moments.js';
import { selectSupport } from '../sparse/select-support.js';
import type { Courses } from './courses.js';
import { eliminate } from './eliminate.js';
import { type Fitted, gaussNewton, linearised, type Optimum } from './gauss-newton.js';

/** Terms chosen for what was recorded of activity, and their fit. */
export interface HiddenSelection {
  readonly support: readonly number[];
  readonly optimum: Optimum;
  readonly criterion: number;
  /** Every support that was fitted, in order. */
  readonly tried: readonly {
    readonly support: readonly number[];
    readonly criterion: number;
    readonly cost: number;
  }[];
  /** Where no weight changes. */
  readonly nothing: Optimum;
}

/** Supports that are fitted one after the other at most. */
const MOST_ROUNDS = 12;
const MOST_TERMS = 20;
/**
 * Parts of the trials to which all terms are fitted, one after the other: many terms at once grow
 * without bounds in long trials unless they begin near what is right.
 */
const PARTS = [0.1, 0.25, 0.5, 1];

export interface HiddenOptions {
  readonly price?: Price;
  /**
   * Where the search begins: at the optimum of all terms together; or where nothing is learned, from
   * where supports grow by a term at most from round to round, which is safer where the data say little
   * of each term. Default: the first.
   */
  readonly begin?: readonly ('all' | 'nothing')[];
  /** The share of the cost below which a step is the last. */
  readonly least?: number;
}

/**
 * Terms for courses whose weights nobody saw: all terms are fitted at once, then a support is chosen of
 * the linear problem at that optimum, fitted by itself, and chosen again of the linear problem there,
 * until the choice stays. The criterion is that of linear fits, with the true costs. Null where even
 * a circuit that does not learn does not stay finite.
 */
export async function selectHidden(
  courses: Courses,
  { price = USUAL_PRICE, begin = ['all'], least }: HiddenOptions = {},
): Promise<HiddenSelection | null> {
  const { size, terms, always } = courses;
  const nothing = await gaussNewton(courses, courses.origin(), always, least);
  if (!nothing) return null;
  const n = nothing.trials.reduce((sum, each) => sum + each.n, 0);
  const power = nothing.cost + courses.evidence(nothing);
  const worth = (optimum: Optimum, support: readonly number[]): number => {
    const left = (optimum.cost + courses.evidence(optimum)) / power;
    return criterionOf({ n, library: terms, power }, left, support.length, price);
  };
  const tried = [{ support: [] as readonly number[], optimum: nothing, criterion: 0 }];
  for (const each of begin) {
    let from = (each === 'all' ? await fitAll(courses) : null) ?? nothing;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const moments = ofTerms(combineMoments(linearised(from, size)), terms);
      const most = each === 'all' ? terms : round + 1;
      const { support, coefficients } = selectSupport(moments, {
        price,
        most: Math.min(most, MOST_TERMS),
      });
      const known = tried.find((one) => one.support.join() === support.join());
      if (known && support.length < most) break;
      const optimum =
        known?.optimum ??
        (await fitSupport(
          courses,
          support,
          [
            withParameters(from.point, coefficients),
            kept(from.point, support, terms),
            nothing.point,
          ],
          { enough: nothing.cost, least },
        ));
      if (!optimum) break;
      if (!known) tried.push({ support, optimum, criterion: worth(optimum, support) });
      from = optimum;
    }
  }
  const best = tried.reduce((a, b) => (b.criterion < a.criterion ? b : a));
  return {
    ...best,
    nothing,
    tried: tried.map(({ support, criterion, optimum }) => ({
      support,
      criterion,
      cost: optimum.cost,
    })),
  };
}

/** Moments of the coefficients alone, when the other numbers take the values that fit best. */
export const ofTerms = (moments: Moments, terms: number): Moments =>
  terms === moments.cross.length ? moments : eliminate(moments, terms).moments;

/** The fit of a support from the first of these points from where it is better than nothing; else the best. */
async function fitSupport(
  courses: Courses,
  support: readonly number[],
  points: readonly Float64Array[],
  { enough, least }: { readonly enough: number; readonly least: number | undefined },
): Promise<Optimum | null> {
  let best: Optimum | null = null;
  for (const point of points) {
    const optimum = await gaussNewton(courses, point, [...support, ...courses.always], least);
    if (optimum && (!best || optimum.cost < best.cost)) best = optimum;
    if (best && best.cost < enough) break;
  }
  return best;
}

/** The point with the coefficients of a support only. */
export function kept(point: Float64Array, support: readonly number[], terms: number): Float64Array {
  return point.map((value, k) => (k >= terms || support.includes(k) ? value : 0));
}

/** The point with other values of its parameters. */
function withParameters(point: Float64Array, values: Float64Array): Float64Array {
  const next = point.slice();
  next.set(values);
  return next;
}

async function fitAll(courses: Courses): Promise<Optimum | null> {
  const { size, own } = courses;
  const all = Array.from({ length: size }, (_, k) => k);
  let fitted: Optimum | null = null;
  for (const part of PARTS) {
    const ofPart: Fitted = { size, own, at: (point) => courses.at(point, part) };
    const before: Float64Array = fitted?.point ?? courses.origin();
    fitted = (await gaussNewton(ofPart, before, all)) ?? fitted;
  }
  return fitted;
}
