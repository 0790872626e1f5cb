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
