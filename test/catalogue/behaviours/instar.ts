import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, predictedWithin, ROUNDING } from './support/figures.js';
import { normals } from './support/inputs.js';
import { CLAMP, type Learned, learned, type RuleFor } from './support/learning.js';
import { distance, mean, meanOf, minus, norm, plus, scaled } from './support/vectors.js';

/** One cluster of inputs for each of two neurons, which are active (1) for their own only. */
export const CLUSTERS = [
  [1, -0.5, 0.2],
  [-0.4, 0.8, 0.6],
];
const START = [
  [0, 0.3, -0.2],
  [0.5, 0, 0.1],
];
const SPREAD = 0.2;

function lesson(steps: number, spread: number): { patterns: number[][]; partner: number[][] } {
  const deviations = normals(steps, 3, 1);
  return {
    patterns: deviations.map((xi, t) => plus(CLUSTERS[t % 2]!, scaled(spread, xi))),
    partner: deviations.map((_, t) => [t % 2 === 0 ? CLAMP : -CLAMP, t % 2 === 0 ? -CLAMP : CLAMP]),
  };
}

const learnedFrom = (
  rule: RuleFor,
  shown: ReturnType<typeof lesson>,
  every: number,
): Promise<Learned> => learned(rule, { ...shown, weights: START, activation: 'sigmoid', every });

/** The weights of two neurons, each active for one of two noisy clusters, every two steps. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learnedFrom(rule, lesson(3000, SPREAD), 2);

export const behaviour: Behaviour = {
  rule: 'instar',
  claims: [
    {
      says: 'the weights of an active neuron approach its input by the factor 1 − η a step, those of a silent one stay, exactly',
      async measure(rule) {
        const { weights, value } = await learnedFrom(rule, lesson(60, 0), 60);
        const left = (1 - value('eta')) ** 30;
        return START.flatMap((start, i) =>
          start.map((w, j) => {
            const center = CLUSTERS[i]![j]!;
            const reached = center + left * (w - center);
            const name = `w${i + 1}${j + 1} after 30 inputs`;
            return predicted(name, weights.at(-1)![i]![j]!, reached, ROUNDING);
          }),
        );
      },
    },
    {
      says: 'weights come to stand at the mean of the inputs for which the neuron was active, and fluctuate by σ√(η/(2 − η)) around it',
      // An exponential average over 1,400 inputs after the first 100. Their mean errs by 0.2/√1400 = 0.005.
      // Neighbouring weights go together, so that their variance (three weights) has 3 · 1400 η = 215 degrees
      // of freedom and its root an error of 5 %. The bounds are three to four times that.
      async measure(rule) {
        const { weights, value } = await trajectory(rule);
        const eta = value('eta');
        const late = weights.slice(101);
        return CLUSTERS.flatMap((center, i) => {
          const own = late.map((w) => w[i]!);
          const spread = Math.sqrt(mean(own.map((w) => norm(minus(w, center)) ** 2)) / 3);
          const expected = SPREAD * Math.sqrt(eta / (2 - eta));
          return [
            atMost(`|mean w${i + 1} − cluster|`, distance([meanOf(own)], [center]), 0.02),
            predictedWithin(`fluctuation of w${i + 1}`, spread, expected, 0.15),
          ];
        });
      },
    },
  ],
};
