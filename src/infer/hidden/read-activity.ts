import { activityMisfit } from '../../base/diagnostics/recording.js';
import { failure, type Result, success } from '../../base/result.js';
import { type NumberArray, readNumberArrays } from '../read/npz.js';
import type { Activity } from './activity.js';

const NAMES = ['pre', 'post', 'w'] as const;

/**
 * Reads an archive of NumPy arrays: `pre` [trials, steps, inputs], `post` [trials, steps, neurons] with
 * NaN where nothing was recorded, and `w` [trials, neurons, inputs], the weights before the first step.
 * A dimension of trials may be missing from all three, or from `w` where all trials begin alike.
 */
export function readActivity(path: string): Result<Activity> {
  const read = readNumberArrays(path);
  if (!read.ok) return read;
  const arrays = NAMES.map((name) => read.value.get(name));
  const wrong = (what: string): Result<Activity> => failure(activityMisfit({ path, what }));
  const missing = NAMES.filter((_, k) => !arrays[k]);
  if (missing.length > 0) {
    const there = [...read.value.keys()].join(', ') || 'none';
    return wrong(`there is no array ${missing.join(', ')} (there are: ${there})`);
  }
  const [pre, post, w] = arrays.map((array) => withTrials(array!)) as [
    NumberArray,
    NumberArray,
    NumberArray,
  ];
  for (const [k, { shape }] of [pre, post, w].entries()) {
    if (shape.length !== 3) return wrong(`${NAMES[k]} has ${arrays[k]!.shape.length} dimensions`);
  }
  const [trials, steps, inputs] = pre.shape as [number, number, number];
  const [, , neurons] = post.shape as [number, number, number];
  if (trials * steps * inputs * neurons === 0) return wrong('an array is empty');
  if (post.shape[0] !== trials || post.shape[1] !== steps) {
    return wrong(`pre is [${pre.shape}] and post [${post.shape}]: trials or steps differ`);
  }
  const isCommon = w.shape[0] === 1;
  if ((!isCommon && w.shape[0] !== trials) || w.shape[1] !== neurons || w.shape[2] !== inputs) {
    return wrong(`w is [${w.shape}], not [${trials}, ${neurons}, ${inputs}]`);
  }
  for (const [name, { values }] of [['pre', pre] as const, ['w', w] as const]) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return wrong(`number ${at + 1} of ${name} is ${values[at]}`);
  }
  if (post.values.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)) {
    return wrong('post is infinite somewhere');
  }
  if (post.values.every((value) => Number.isNaN(value))) return wrong('post is NaN everywhere');
  const part = ({ values, shape }: NumberArray, trial: number): Float64Array => {
    const size = values.length / shape[0]!;
    return values.subarray(trial * size, (trial + 1) * size);
  };
  return success({
    name: path,
    inputs,
    neurons,
    steps,
    trials: Array.from({ length: trials }, (_, k) => ({
      pre: part(pre, k),
      post: part(post, k),
      w: part(w, isCommon ? 0 : k),
    })),
  });
}

/** One trial where there is no dimension of trials. */
function withTrials({ shape, values }: NumberArray): NumberArray {
  return { shape: shape.length === 2 ? [1, ...shape] : shape, values };
}
