import { Stream } from '../../../src/base/random.js';
import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, predictedWithin, ROUNDING } from './support/figures.js';
import { AXES } from './support/inputs.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { dot, mean, meanOf } from './support/vectors.js';

/** What the threshold keeps, `keeping 0.95`, and where it starts, `from 0.25`. */
const [KEPT, START] = [0.95, 0.25];
/** Two patterns in turn, neither orthogonal to the other. */
export const PATTERNS = [
  [1, 0.3],
  [0.2, 0.9],
];
const CYCLES = 2000;

/** The weights and the threshold of a linear neuron that sees two patterns in turn, every step. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, {
    patterns: Array.from({ length: CYCLES }, () => PATTERNS).flat(),
    weights: [[0.5, 0.4]],
    memory: ['theta'],
  });

/** The weights of a linear neuron on three orthogonal patterns in random order, every 10 steps. */
export function inRandomOrder(rule: RuleFor): Promise<Learned> {
  const stream = new Stream(1, 'behaviour', 'order');
  const patterns = Array.from({ length: 6000 }, () => AXES[stream.integer(3)]!);
  return learned(rule, { patterns, weights: [[0.5, 0.2, 0.3]], every: 10 });
}

export const behaviour: Behaviour = {
  rule: 'bcm',
  claims: [
    {
      says: 'the first step changes w by η y (y − θ) x with the threshold it starts with: depression below, potentiation above',
      async measure(rule) {
        const x = [1, 0.3];
        const weights = [
          [0.1, 0.2],
          [0.5, 0.4],
        ];
        const { weights: after, value } = await learned(rule, { patterns: [x], weights });
        return weights.flatMap((w, i) => {
          const y = dot(w, x);
          return x.map((xj, j) => {
            const change = value('eta') * y * (y - START) * xj;
            const measured = after[1]![i]![j]! - w[j]!;
            return predicted(`Δw${i + 1}${j + 1} at y = ${y.toFixed(2)}`, measured, change, 1e-15);
          });
        });
      },
    },
    {
      says: 'of two patterns in turn the neuron comes to answer one with y = θ = (1 + d)/d (2 for slow averages) and the other with 0; θ is the mean of y²',
      // Selected, y = c every other step: before it the threshold is (1 − d)d c² / (1 − d²) = d c² / (1 + d),
      // and learning stops where that is c (Intrator & Cooper 1992: θ = E[y²] and y = θ give y = 1/p). An
      // average passes means on, so θ is c²/2 on average.
      async measure(rule) {
        const { weights, memory } = await trajectory(rule);
        const w = weights.at(-1)![0]!;
        const c = (1 + KEPT) / KEPT;
        const [low, high] = PATTERNS.map((x) => dot(w, x)).sort((a, b) => a - b);
        const theta = mean(memory.theta!.slice(-2).map(([value]) => value!));
        return [
          predictedWithin('y for the selected pattern', high!, c, 1e-6),
          atMost('|y| for the other', Math.abs(low!), 1e-6),
          predictedWithin('mean θ', theta, c ** 2 / 2, 1e-6),
        ];
      },
    },
    {
      says: 'the threshold keeps 0.95 of itself and takes in 0.05 y² a step: without activity it fades from 0.25, exactly',
      async measure(rule) {
        const patterns = Array.from({ length: 20 }, () => [0, 0]);
        const { memory } = await learned(rule, { patterns, weights: [[1, 1]], memory: ['theta'] });
        const left = memory.theta!.at(-1)![0]!;
        return [predictedWithin('θ after 20 steps', left, START * KEPT ** 20, ROUNDING)];
      },
    },
    {
      says: 'three patterns in random order: the neuron becomes selective, its selectivity 1 − mean/max of y goes to 1 − p = 2/3 and the greatest y to about 1/p = 3',
      // The other responses vanish, so the mean is p times the greatest. Learning stops on average where
      // E[y²] = E[y θ], y = θ = p y² if nothing fluctuated. The threshold does, by √((1 − p)/p · (1 − d)/(1 + d))
      // = 0.23 of itself, and y with it: their covariance lowers y by up to 0.23² = 5 %. The mean over 2,000
      // steps, each 1/(1 − d) = 20 alike, errs by 0.23/√100 = 2 %; the bound allows for three of these, too.
      async measure(rule) {
        const weights = (await inRandomOrder(rule)).weights.slice(-200).map(([w]) => w!);
        const responses = meanOf(weights.map((w) => AXES.map((x) => dot(w, x))));
        const most = Math.max(...responses);
        return [
          predicted('selectivity', 1 - mean(responses) / most, 2 / 3, 0.01),
          predictedWithin('greatest y', most, 3, 0.12),
        ];
      },
    },
  ],
};
