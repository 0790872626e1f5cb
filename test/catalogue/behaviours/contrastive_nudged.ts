import type { Behaviour } from '../behaviour.js';
import { atMost, predictedWithin } from './support/figures.js';
import type { RuleFor } from './support/run.js';
import { PAIRS, settle, settling, symmetricWeights } from './support/settling.js';

/** Changes of all pairs for η = 1 with a teacher of this strength, divided by what they should become. */
export async function trajectory(
  rule: RuleFor,
  gamma: number,
): Promise<{ found: number[]; exact: number[] }> {
  const weights = symmetricWeights(1);
  const still = await settle(settling(), {}, { phases: ['free'], weights, gradient: true });
  const slopes = still.slopes('recurrent');
  const learned = await settle(
    settling(gamma),
    { recurrent: rule },
    { phases: ['free', 'nudged'], weights, values: { eta: 1, gamma } },
  );
  const end = learned.end('recurrent');
  return {
    found: PAIRS.map(([i, j]) => end[i]![j]! - weights[i]![j]!),
    // One weight stands twice in a symmetric matrix.
    exact: PAIRS.map(([i, j]) => -slopes[i]![j]! - slopes[j]![i]!),
  };
}

export const behaviour: Behaviour = {
  rule: 'contrastive_nudged',
  claims: [
    {
      says: 'as γ goes to 0 the change becomes −η times the gradient of ½ (s − target)² at rest, in proportion to γ',
      // Scellier & Bengio 2017, theorem 1: the difference of energies at rest, divided by γ. What is left is
      // of first order in γ: ten times less for a teacher ten times weaker (± 2 % at γ = 0.01 by the second order).
      async measure(rule) {
        const off = async (gamma: number): Promise<number> => {
          const { found, exact } = await trajectory(rule, gamma);
          const size = Math.max(...exact.map(Math.abs));
          return Math.max(...found.map((x, k) => Math.abs(x - exact[k]!))) / size;
        };
        const [strong, weak] = [await off(0.01), await off(0.001)];
        return [
          atMost('relative distance from the gradient, γ = 0.001', weak, 0.01),
          predictedWithin('that at γ = 0.01 over it', strong / weak, 10, 0.05),
        ];
      },
    },
  ],
  indistinguishable: [
    {
      mutation: 'pre ↔ post',
      because: 'products of two activities are symmetric: it is the same rule',
    },
  ],
};
