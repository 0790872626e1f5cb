import { Stream } from '../../../src/base/random.js';
import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, ROUNDING } from './support/figures.js';
import { normals } from './support/inputs.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { distance, meanOf, plus, scaled } from './support/vectors.js';

/** Three clusters; neuron k starts nearest to the k-th, and the last is behind everywhere. */
export const CLUSTERS = [
  [1, 0.1, 0],
  [0, 1, 0.2],
  [0.1, 0, 1],
];
const START = [
  [0.6, 0.2, 0.1],
  [0.1, 0.5, 0.3],
  [0.3, 0.2, 0.5],
  [-0.1, 0.05, -0.2],
];
const SPREAD = 0.1;

/** The weights of four linear neurons on 2,000 samples of the clusters, every 5 steps. */
export function trajectory(rule: RuleFor): Promise<Learned> {
  const stream = new Stream(1, 'behaviour', 'clusters');
  const patterns = normals(2000, 3, 1).map((xi) =>
    plus(CLUSTERS[stream.integer(3)]!, scaled(SPREAD, xi)),
  );
  return learned(rule, { patterns, weights: START, every: 5 });
}

export const behaviour: Behaviour = {
  rule: 'winner_takes_all',
  claims: [
    {
      says: 'in every step only the winner learns: its weights approach its input by the factor 1 − η, those of a neuron that never wins stay, exactly',
      async measure(rule) {
        const cycles = 30;
        const { weights, value } = await learned(rule, {
          patterns: Array.from({ length: cycles }, () => CLUSTERS).flat(),
          weights: START,
        });
        const left = (1 - value('eta')) ** cycles;
        return START.flatMap((start, i) =>
          start.map((w, j) => {
            const goal = CLUSTERS[i]?.[j];
            const reached = goal === undefined ? w : goal + left * (w - goal);
            return predicted(`w${i + 1}${j + 1}`, weights.at(-1)![i]![j]!, reached, ROUNDING);
          }),
        );
      },
    },
    {
      says: 'noisy clusters: the weights come to stand at the cluster means within 1,000 samples',
      // The mean weight over the last 1,000 steps is the mean of some 330 inputs: 0.1/√330 = 0.0055 from the
      // cluster’s; the bound is four times that.
      async measure(rule) {
        const late = (await trajectory(rule)).weights.slice(-200);
        return CLUSTERS.map((center, i) => {
          const apart = distance([meanOf(late.map((w) => w[i]!))], [center]);
          return atMost(`|mean w${i + 1} − cluster ${i + 1}|`, apart, 0.022);
        });
      },
    },
  ],
};
