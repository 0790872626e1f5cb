import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, predictedWithin, ROUNDING } from './support/figures.js';
import { gaussian } from './support/inputs.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { mean, minus, product, scaled, secondMoment, total } from './support/vectors.js';

const STEPS = 200;

/** The weights of a neuron that starts with equal ones, on Gaussian inputs, every step. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, { patterns: gaussian(STEPS), weights: [[0.5, 0.5, 0.5]] });

export const behaviour: Behaviour = {
  rule: 'subtractive_normalisation',
  claims: [
    {
      says: 'the sum of a neuron’s weights stays as it is, exactly, while they change',
      async measure(rule) {
        const { weights } = await trajectory(rule);
        const sums = weights.map(([w]) => Math.abs(total(w!) - 1.5));
        const change = Math.max(...minus(weights.at(-1)![0]!, [0.5, 0.5, 0.5]).map(Math.abs));
        return [
          atMost('largest deviation of the sum', Math.max(...sums), ROUNDING),
          // Not by doing nothing.
          { name: 'largest change of a weight', value: change, within: [0.1, 10] },
        ];
      },
    },
    {
      says: 'what two inputs have in common teaches nothing, their difference (±b) grows by the factor 1 + 2ηb² each time it is shown, exactly',
      // y = b (w₁ − w₂), and x without its mean is (b, −b).
      async measure(rule) {
        const [b, cycles] = [0.7, 100];
        const { weights, value } = await learned(rule, {
          patterns: Array.from({ length: cycles }, () => [
            [2, 2],
            [b, -b],
          ]).flat(),
          weights: [[0.6, 0.4]],
        });
        const [w1, w2] = weights.at(-1)![0]! as [number, number];
        const grown = 0.2 * (1 + 2 * value('eta') * b ** 2) ** cycles;
        return [predictedWithin('w₁ − w₂', w1 - w2, grown, ROUNDING)];
      },
    },
    {
      says: 'from equal weights, the input with the larger summed correlation wins: the drift is η (C w − its mean over the inputs)',
      // Miller & MacKay 1994: dw/dt = C w − ε, ε the mean of C w. Steps of 10⁻⁶, so that w moves by less than
      // η · 200 · λ₁ = 2 · 10⁻⁴ meanwhile, and so does the drift.
      async measure(rule) {
        const patterns = gaussian(STEPS);
        const start = [0.5, 0.5, 0.5];
        const values = { eta: 1e-6 };
        const { weights } = await learned(rule, { patterns, weights: [start], values });
        const drift = scaled(1 / (values.eta * STEPS), minus(weights.at(-1)![0]!, start));
        const [driven] = product([start], secondMoment(patterns));
        return drift.map((d, j) =>
          predicted(`drift of w${j + 1} / η`, d, driven![j]! - mean(driven!), 1e-3),
        );
      },
    },
  ],
};
