import type { Stream } from '../base/random.js';

/** A mean over tasks with a bootstrap interval. */
export interface Interval {
  readonly mean: number;
  readonly lo: number;
  readonly hi: number;
  /** Tasks it is over. */
  readonly tasks: number;
}

const RESAMPLES = 2000;

/**
 * The mean of values (one a task) with its percentile bootstrap interval: tasks are drawn with
 * replacement, 2,000 times. With fewer than two values the interval is the whole line, and of no
 * values the mean is NaN and `tasks` is 0.
 */
export function bootstrapMean(values: readonly number[], level: number, stream: Stream): Interval {
  const tasks = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / tasks;
  if (tasks < 2) {
    return { mean, lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY, tasks };
  }
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let k = 0; k < tasks; k++) sum += values[stream.integer(tasks)]!;
    return sum / tasks;
  }).sort((a, b) => a - b);
  const tail = (1 - level) / 2;
  return { mean, lo: quantile(means, tail), hi: quantile(means, 1 - tail), tasks };
}

/** The mean difference of paired values, first minus second, with its interval. */
export function pairedDifference(
  first: readonly number[],
  second: readonly number[],
  level: number,
  stream: Stream,
): Interval {
  return bootstrapMean(
    first.map((value, k) => value - second[k]!),
    level,
    stream,
  );
}

/** Resamples of a whole curve: fewer, since every point has its own interval (the number of Shervani-Tabar & Rosenbaum 2023). */
const CURVE_RESAMPLES = 500;

/**
 * The mean curve of several of equal length with its percentile bootstrap interval at every point: whole
 * curves are drawn with replacement. Curves that have no value at a point are left out there; where none
 * has one the mean is null.
 */
export function bootstrapCurve(
  curves: readonly (readonly (number | null)[])[],
  level: number,
  stream: Stream,
): { readonly mean: number | null; readonly lo: number | null; readonly hi: number | null }[] {
  const drawn = Array.from({ length: CURVE_RESAMPLES }, () =>
    curves.map(() => curves[stream.integer(curves.length)]!),
  );
  const tail = (1 - level) / 2;
  return (curves[0] ?? []).map((_, at) => {
    const mean = meanAt(curves, at);
    const means = drawn.flatMap((some) => meanAt(some, at) ?? []).sort((a, b) => a - b);
    const isKnown = mean !== null && curves.length > 1;
    return {
      mean,
      lo: isKnown ? quantile(means, tail) : null,
      hi: isKnown ? quantile(means, 1 - tail) : null,
    };
  });
}

function meanAt(curves: readonly (readonly (number | null)[])[], at: number): number | null {
  let sum = 0;
  let count = 0;
  for (const curve of curves) {
    const value = curve[at];
    if (value === null || value === undefined) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}

/** Linear interpolation between sorted values. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
