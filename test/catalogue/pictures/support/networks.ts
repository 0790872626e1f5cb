import { learning } from '../../behaviours/support/aligning.js';
import {
  angle,
  drawn,
  type Feedback,
  layersOf,
  lessons,
  networkWith,
} from '../../behaviours/support/network.js';
import type { Done, RuleFor } from '../../behaviours/support/run.js';
import type { Matrix } from '../../behaviours/support/vectors.js';
import { mean } from '../../behaviours/support/vectors.js';

const LAYERS = [1, 2, 3];
const SEED = 1;

/** The forward weights W1, W2, W3 of a network of three layers at the start and from time to time. */
export interface Course {
  readonly samples: readonly number[];
  readonly weights: readonly (readonly Matrix[])[];
  /** Weights at the start by slot name, those of the feedback among them. */
  readonly start: Readonly<Record<string, Matrix>>;
  readonly done: Done;
}

/** A network learns a teacher. */
export async function course(
  feedback: Feedback,
  rules: Readonly<Record<string, RuleFor>>,
  options: {
    readonly steps: number;
    readonly every: number;
    readonly values?: Readonly<Record<string, number>>;
  },
): Promise<Course> {
  const done = await learning(feedback, rules, { seed: SEED, ...options });
  const start = drawn(networkWith(feedback), SEED);
  const later = LAYERS.map((l) => done.moments(`W${l}`));
  const moments = later[0]!.map((_, k) => later.map((each) => each[k]!));
  return {
    samples: Array.from({ length: moments.length + 1 }, (_, k) => k * options.every),
    weights: [LAYERS.map((l) => start[`W${l}`]!), ...moments],
    start,
    done,
  };
}

/** Mean cross-entropy of 60 samples that were not learned. */
export function losses({ weights }: Course): number[] {
  const { image, target } = lessons(60, 2);
  return weights.map((moment) =>
    mean(
      image.map((x, k) => {
        const [answer] = layersOf(moment, moment, x, target[k]!).activity.slice(-1);
        return -Math.log(answer!.reduce((sum, y, c) => sum + y * target[k]![c]!, 0));
      }),
    ),
  );
}

/** Degrees between the forward weights of a layer and other weights. */
export const angles = ({ weights }: Course, layer: number, other: Matrix): number[] =>
  weights.map((moment) => angle(moment[layer - 1]!, other));
