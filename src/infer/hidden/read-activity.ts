import { activityMisfit } from '../../base/diagnostics/recording.js';
import { failure, type Result, success } from '../../base/result.js';
import { type NumberArray, readNumberArrays } from '../read/npz.js';
import { type Activity, activityFault } from './activity.js';

const NEEDED = ['pre', 'post'] as const;

const zeros = (...shape: number[]): NumberArray => ({
  shape,
  values: new Float64Array(shape.reduce((product, side) => product * side, 1)),
});
const NO_WEIGHTS = zeros(1, 1, 1);

/**
 * Reads an archive of NumPy arrays: `pre` [trials, steps, inputs], `post` [trials, steps, neurons] with
 * NaN where nothing was recorded, and `w` [trials, neurons, inputs], the weights before the first step.
 * A dimension of trials may be missing from all three, or from `w` where all trials begin alike. Without
 * `w` nothing is known of the weights.
 */
export function readActivity(path: string): Result<Activity> {
  const read = readNumberArrays(path);
  if (!read.ok) return read;
  const wrong = (what: string): Result<Activity> => failure(activityMisfit({ path, what }));
  const missing = NEEDED.filter((name) => !read.value.has(name));
  if (missing.length > 0) {
    const there = [...read.value.keys()].join(', ') || 'none';
    return wrong(`there is no array ${missing.join(', ')} (there are: ${there})`);
  }
  const startsKnown = read.value.has('w');
  const given = { w: NO_WEIGHTS, ...Object.fromEntries(read.value) };
  const arrays = [...NEEDED, 'w' as const].map((name) => given[name as keyof typeof given]!);
  const [pre, post, guess] = arrays.map(withTrials) as [NumberArray, NumberArray, NumberArray];
  for (const [k, { shape }] of [pre, post, guess].entries()) {
    if (shape.length !== 3) {
      return wrong(`${[...NEEDED, 'w'][k]} has ${arrays[k]!.shape.length} dimensions`);
    }
  }
  const [trials, steps, inputs] = pre.shape as [number, number, number];
  const [, , neurons] = post.shape as [number, number, number];
  if (trials * steps * inputs * neurons === 0) return wrong('an array is empty');
  const w = startsKnown ? guess : zeros(1, neurons, inputs);
  if (post.shape[0] !== trials || post.shape[1] !== steps) {
    return wrong(`pre is [${pre.shape}] and post [${post.shape}]: trials or steps differ`);
  }
  const isCommon = w.shape[0] === 1;
  if ((!isCommon && w.shape[0] !== trials) || w.shape[1] !== neurons || w.shape[2] !== inputs) {
    return wrong(`w is [${w.shape}], not [${trials}, ${neurons}, ${inputs}]`);
  }
  const part = ({ values, shape }: NumberArray, trial: number): Float64Array => {
    const size = values.length / shape[0]!;
    return values.subarray(trial * size, (trial + 1) * size);
  };
  const activity: Activity = {
    name: path,
    inputs,
    neurons,
    steps,
    startsKnown,
    trials: Array.from({ length: trials }, (_, k) => ({
      pre: part(pre, k),
      post: part(post, k),
      w: part(w, isCommon ? 0 : k),
    })),
  };
  const fault = activityFault(activity);
  return fault === null ? success(activity) : wrong(fault);
}

/** One trial where there is no dimension of trials. */
function withTrials({ shape, values }: NumberArray): NumberArray {
  return { shape: shape.length === 2 ? [1, ...shape] : shape, values };
}
