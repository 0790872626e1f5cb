import type { Stream } from '../../base/random.js';
import type { Library } from '../library.js';
import type { FittedParameter } from '../result.js';
import { printedParameter } from '../rule-words.js';
import { leastSquares } from '../sparse/least-squares.js';
import { combineMoments } from '../sparse/moments.js';
import { LEVEL, RESAMPLES } from '../trust/assess.js';
import { quantile } from '../trust/resample.js';
import type { Courses } from './courses.js';
import { linearised, type Optimum } from './gauss-newton.js';

/** Where a rule ended whose space has parameters of its own. */
export interface Settled {
  readonly courses: Courses;
  readonly optimum: Optimum;
  readonly support: readonly number[];
}

/**
 * The parameters that the space marks `fit` (time constants, windows), where the chosen terms need them:
 * fitted with the coefficients, with intervals from resampled trials. None without terms.
 */
export function fittedParameters(
  { courses, optimum, support }: Settled,
  { frame }: Library,
  stream: Stream,
): (FittedParameter & { readonly text: string })[] {
  if (support.length === 0 || frame.searched.length === 0) return [];
  const { size, terms, always } = courses;
  const blocks = linearised(optimum, size);
  const draws: Float64Array[] = [];
  for (let k = 0; k < RESAMPLES; k++) {
    const drawn = stream.child(k);
    const weights = new Float64Array(blocks.length);
    for (let b = 0; b < blocks.length; b++) weights[drawn.integer(blocks.length)]! += 1;
    const moments = combineMoments(blocks, weights);
    const moving = [...support, ...always].filter((at) => moments.gram[at * size + at]! > 0);
    const fit = leastSquares(moments, moving);
    if (fit) draws.push(fit.coefficients);
  }
  const tail = (1 - LEVEL) / 2;
  return frame.searched.flatMap((searched, k) => {
    const at = terms + k;
    const isNeeded = blocks.some(({ gram }) => gram[at * size + at]! > 0);
    const values = draws.map((draw) => draw[at]!);
    if (!isNeeded || values.length === 0) return [];
    const interval = [quantile(values, tail), quantile(values, 1 - tail)] as const;
    return [printedParameter(searched, frame, optimum.point[at]!, interval)];
  });
}
