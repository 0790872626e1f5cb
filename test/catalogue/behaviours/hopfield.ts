import type { Behaviour } from '../behaviour.js';
import { atMost, predicted } from './support/figures.js';
import type { RuleFor } from './support/run.js';
import { asymmetry, patternsOf, recalled, stored } from './support/stored.js';
import { distance, mean } from './support/vectors.js';

const [NEURONS, SEEDS] = [100, [1, 2, 3, 4, 5, 6, 7, 8]];

/** The share of patterns that are fixed points, and of neurons that stay, by the number stored. */
export const trajectory = (
  rule: RuleFor,
  counts: readonly number[],
): Promise<{ count: number; neurons: number; whole: number }[]> =>
  Promise.all(
    counts.map(async (count) => {
      const each = await Promise.all(
        SEEDS.map(async (seed) => {
          const patterns = patternsOf(count, NEURONS, seed);
          return recalled(await stored(rule, patterns), patterns);
        }),
      );
      const [neurons, whole] = [each.map((one) => one.neurons), each.map((one) => one.whole)];
      return { count, neurons: mean(neurons), whole: mean(whole) };
    }),
  );

export const behaviour: Behaviour = {
  rule: 'hopfield',
  claims: [
    {
      says: 'the weights are the correlations of the patterns over N, symmetric, in whatever order they came',
      async measure(rule) {
        const patterns = patternsOf(7, 30, 1);
        const weights = await stored(rule, patterns);
        const backwards = await stored(rule, [...patterns].reverse());
        const wanted = weights.map((row, i) =>
          row.map((_, j) => (i === j ? 0 : patterns.reduce((s, p) => s + p[i]! * p[j]!, 0) / 30)),
        );
        return [
          atMost('|w − Σ ξξ / N|', distance(weights, wanted), 1e-12),
          atMost('|W − Wᵀ|', asymmetry(weights), 0),
          atMost('|W − W of the reversed list|', distance(weights, backwards), 1e-12),
        ];
      },
    },
    {
      says: '100 neurons: 20 patterns are too many, most are no fixed points; 5 are kept',
      // The field at a neuron, times its state, is about Gaussian: 1 + v − (P − 1)/N with the variance v, the sum
      // of the squared overlaps with the other patterns, itself (P − 1)/N = 0.19 on average, spread like χ²₁₉
      // (Hertz, Krogh & Palmer 1991, section 2.2, for finite N). The mean over v of Φ(−(1 + v − 0.19)/√v) is
      // 0.0108, of the chance that all 100 neurons stay 0.40. Between lists of 20 patterns these vary by
      // 0.0036 and 0.13 (60 lists, simulated otherwise): a third of that for the mean of eight.
      async measure(rule) {
        const [few, many] = await trajectory(rule, [5, 20]);
        return [
          predicted('share of neurons that turn over, P = 20', 1 - many!.neurons, 0.0108, 0.0036),
          predicted('share of fixed points, P = 20', many!.whole, 0.4, 0.13),
          predicted('share of fixed points, P = 5', few!.whole, 1, 0.05),
        ];
      },
    },
  ],
  indistinguishable: [
    {
      mutation: 'pre ↔ post',
      because:
        'a product of two states is symmetric, and both sides are the same neurons, N of them',
    },
  ],
};
