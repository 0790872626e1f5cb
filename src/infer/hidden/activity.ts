/** What went in and what was seen of what came out, from known weights on. */
export interface ActivityTrial {
  /** `steps × inputs`: presynaptic activity. */
  readonly pre: Float64Array;
  /** `steps × neurons`: postsynaptic activity; NaN where it was not recorded. */
  readonly post: Float64Array;
  /** `neurons × inputs`: weights before the first step. */
  readonly w: Float64Array;
}

/** Activity of a layer that learns; its weights are seen at the start of each trial only. */
export interface Activity {
  readonly name: string;
  readonly inputs: number;
  readonly neurons: number;
  readonly steps: number;
  readonly trials: readonly ActivityTrial[];
}

/** Numbers of postsynaptic activity that were recorded. */
export function recordedCount({ trials }: Activity): number {
  return trials.reduce(
    (sum, { post }) => sum + post.reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0),
    0,
  );
}
