import type { Behaviour } from '../behaviour.js';
import { atMost, predicted } from './support/figures.js';
import { AXES, gaussian, inTurn } from './support/inputs.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { ojaFlow } from './support/oja-flow.js';
import { alignment, distance, mean, norm, product, transpose } from './support/vectors.js';

const VARIANCES = [1, 0.5, 0.2];
const START = [
  [0.3, -0.1, 0.4],
  [0.4, 0.5, 0.2],
];

/** The weights of two linear neurons on 4,000 Gaussian samples, every 20 steps. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, {
    patterns: gaussian(4000, { variances: VARIANCES }),
    weights: START,
    every: 20,
  });

export const behaviour: Behaviour = {
  rule: 'sanger',
  claims: [
    {
      says: 'the first neuron does not see the others: its w wᵀ follows the closed form of Oja’s flow',
      // Tolerance as for oja.
      async measure(rule) {
        const cycles = 150;
        const { weights, value } = await learned(rule, {
          patterns: inTurn(VARIANCES, cycles),
          weights: START,
          every: 3,
        });
        const apart = weights.map(([w], k) =>
          distance(
            product(transpose([w!]), [w!]),
            ojaFlow(VARIANCES, START.slice(0, 1), value('eta') * 3 * k),
          ),
        );
        return [atMost('largest distance from w wᵀ of the flow', Math.max(...apart), 0.03)];
      },
    },
    {
      says: 'Gaussian inputs, λ = 1, 0.5, 0.2: the neurons come to hold the first and the second component, in order and of unit length, within 4,000 samples',
      // Means over the last 1,000 samples; single samples turn a neuron by √(η/2) · O(1) ≈ 0.1.
      async measure(rule) {
        const late = (await trajectory(rule)).weights.slice(-50);
        return [0, 1].flatMap((k) => {
          const own = late.map((w) => w[k]!);
          const off = 1 - mean(own.map((w) => alignment(w, AXES[k]!)));
          return [
            atMost(`1 − |cos(w${k + 1}, PC${k + 1})|`, off, 0.02),
            predicted(`‖w${k + 1}‖`, mean(own.map(norm)), 1, 0.03),
          ];
        });
      },
    },
  ],
};
