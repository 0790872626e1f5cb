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

/** Linear interpolation between sorted values. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
