import type { Stream } from '../../base/random.js';
import { combineMoments, type Moments } from '../sparse/moments.js';
import { type SelectOptions, selectSupport } from '../sparse/select-support.js';

/** What the same search comes to on resampled blocks. */
export interface Resampled {
  /** One a resample: K coefficients, 0 for terms that were not chosen. */
  readonly draws: readonly Float64Array[];
  /** K: share of the resamples that chose the term. */
  readonly inclusion: Float64Array;
}

interface ResampleOptions {
  readonly resamples: number;
  readonly stream: Stream;
  readonly select?: SelectOptions;
  /** Takes out of all that was drawn what is no term. */
  readonly reduce?: (drawn: Moments) => Moments;
}

/**
 * Block bootstrap of the whole search: blocks (rows that belong together) are drawn with replacement,
 * as many as there are, and the terms are selected and fitted anew from what was drawn. It costs one
 * search on sums of products a resample, whatever the number of rows. Throws a `RangeError` without blocks.
 */
export function resample(
  blocks: readonly Moments[],
  { resamples, stream, select = {}, reduce = (drawn) => drawn }: ResampleOptions,
): Resampled {
  if (blocks.length === 0) throw new RangeError('no blocks to draw from');
  const draws = Array.from({ length: resamples }, (_, k) => {
    const drawn = stream.child(k);
    const weights = new Float64Array(blocks.length);
    for (let b = 0; b < blocks.length; b++) weights[drawn.integer(blocks.length)]! += 1;
    return selectSupport(reduce(combineMoments(blocks, weights)), select).coefficients;
  });
  const inclusion = Float64Array.from(
    { length: draws[0]?.length ?? 0 },
    (_, k) => draws.filter((draw) => draw[k] !== 0).length / resamples,
  );
  return { draws, inclusion };
}

/** A quantile, between the sorted values that it lies between. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - below);
}
