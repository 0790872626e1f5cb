import { dot } from '../sparse/moments.js';
import { Detrend } from './detrend.js';
import type { Series } from './series.js';

/** The slow course of time that explains a target best, and no rule. */
export interface SlowCourse {
  /** Whether every series (of a synapse) has a course of its own, or all have the same. */
  readonly of: 'each' | 'all';
  /** Numbers that were fitted. */
  readonly numbers: number;
  readonly rows: number;
  /** Share of the target's mean square that it leaves. */
  readonly left: number;
}

/**
 * Polynomials of fourth degree in time, for every series or the same for all of them: whichever has the
 * smaller `driftCriterion`. What is explained as well by one of them may be nothing but drift.
 */
export function slowCourse(target: Float64Array, series: readonly Series[]): SlowCourse {
  const detrend = new Detrend(series);
  const course = detrend.courseOf(target);
  const power = dot(course, course);
  const rows = course.length;
  const along = detrend.slowPart(course);
  const shared = sharedPart(along, detrend.numbersOf(), series);
  const share = (explained: number): number => (power > 0 ? Math.max(0, 1 - explained / power) : 1);
  const each: SlowCourse = {
    of: 'each',
    numbers: along.length,
    rows,
    left: share(dot(along, along)),
  };
  const all: SlowCourse = {
    of: 'all',
    numbers: shared.numbers,
    rows,
    left: share(shared.explained),
  };
  return driftCriterion(all) <= driftCriterion(each) ? all : each;
}

/** Without a floor the logarithm of rounding decides. */
const FLOOR = 1e-10;

/** n log(share that is left) + numbers × log n (BIC): smaller is better. */
export const driftCriterion = ({ rows, left, numbers }: Omit<SlowCourse, 'of'>): number =>
  rows * Math.log(Math.max(left, FLOOR)) + numbers * Math.log(rows);

/** Series of one length have the same polynomials: what they have in common is the mean of their numbers. */
function sharedPart(
  along: Float64Array,
  numbers: readonly number[],
  series: readonly Series[],
): { numbers: number; explained: number } {
  const sums = new Map<string, { sum: Float64Array; count: number }>();
  let from = 0;
  for (const [k, { rows, group }] of series.entries()) {
    const own = along.subarray(from, from + numbers[k]!);
    from += numbers[k]!;
    const key = `${group} ${rows.length}`;
    const known = sums.get(key) ?? { sum: new Float64Array(own.length), count: 0 };
    for (let i = 0; i < own.length; i++) known.sum[i]! += own[i]!;
    sums.set(key, { sum: known.sum, count: known.count + 1 });
  }
  let [count, explained] = [0, 0];
  for (const { sum, count: members } of sums.values()) {
    count += sum.length;
    explained += dot(sum, sum) / members;
  }
  return { numbers: count, explained };
}
