/** What went in and what was seen of what came out, from known weights on. */
export interface ActivityTrial {
  /** `steps × inputs`: presynaptic activity. */
  readonly pre: Float64Array;
  /** `steps × neurons`: postsynaptic activity; NaN where it was not recorded. */
  readonly post: Float64Array;
  /** `neurons × inputs`: weights before the first step; where they are not known, a first guess. */
  readonly w: Float64Array;
}

/** Activity of a layer that learns; its weights are seen at the start of each trial at most. */
export interface Activity {
  readonly name: string;
  readonly inputs: number;
  readonly neurons: number;
  readonly steps: number;
  /** Else the weights that each trial starts from are fitted, too. */
  readonly startsKnown: boolean;
  readonly trials: readonly ActivityTrial[];
}

/** What is wrong with activity, in words; null where nothing is. */
export function activityFault(activity: Activity): string | null {
  const { inputs, neurons, steps, trials } = activity;
  if (trials.length * inputs * neurons * steps === 0) return 'an array is empty';
  const sizes = { pre: steps * inputs, post: steps * neurons, w: neurons * inputs };
  for (const [k, trial] of trials.entries()) {
    for (const name of ['pre', 'post', 'w'] as const) {
      const { length } = trial[name];
      if (length !== sizes[name]) {
        return `${name} of trial ${k + 1} has ${length} numbers, not ${sizes[name]}`;
      }
    }
    for (const name of ['pre', 'w'] as const) {
      const at = trial[name].findIndex((value) => !Number.isFinite(value));
      if (at >= 0) return `number ${at + 1} of ${name} in trial ${k + 1} is ${trial[name][at]}`;
    }
    if (trial.post.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)) {
      return `post of trial ${k + 1} is infinite somewhere`;
    }
  }
  const isNowhere = trials.every(({ post }) => post.every((value) => Number.isNaN(value)));
  return isNowhere ? 'post is NaN everywhere' : null;
}
