import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, predictedWithin, ROUNDING } from './support/figures.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { dot, mean } from './support/vectors.js';

/** What the threshold keeps, `keeping 0.95`, and where it starts, `from 0.25`. */
const [KEPT, START] = [0.95, 0.25];
/** Two patterns in turn, neither orthogonal to the other. */
const PATTERNS = [
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
  ],
};
