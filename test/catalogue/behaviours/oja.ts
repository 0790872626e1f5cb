import type { Behaviour } from '../behaviour.js';
import { atMost, predicted } from './support/figures.js';
import { AXES, gaussian, inTurn, VARIANCES } from './support/inputs.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { ojaFlow } from './support/oja-flow.js';
import { alignment, distance, mean, norm, product, transpose } from './support/vectors.js';

const START = [0.3, -0.1, 0.4];

/** The weights of a linear neuron on 4,000 Gaussian samples, every 20 steps. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, { patterns: gaussian(4000), weights: [START], every: 20 });

export const behaviour: Behaviour = {
  rule: 'oja',
  claims: [
    {
      says: 'orthogonal patterns in turn: w wᵀ follows the closed form of Oja’s flow, from the start to the first component',
      // A cycle is a step of the flow of length 3η up to O(3ηλ₁): 0.03 of the way that is still to go.
      async measure(rule) {
        const cycles = 150;
        const { weights, value } = await learned(rule, {
          patterns: inTurn(VARIANCES, cycles),
          weights: [START],
          every: 3,
        });
        const apart = weights.map((w, k) =>
          distance(product(transpose(w), w), ojaFlow(VARIANCES, [START], value('eta') * 3 * k)),
        );
        return [atMost('largest distance from w wᵀ of the flow', Math.max(...apart), 0.03)];
      },
    },
    {
      says: 'Gaussian inputs, λ = 1, 0.4, 0.1: ‖w‖ goes to 1 and |cos(w, PC1)| exceeds 0.99 within 4,000 samples',
      // Samples keep ‖w‖ and the angle √(η/2) ≈ 0.07 from the fixed point; means over 1,000 steps are closer.
      async measure(rule) {
        const { weights } = await trajectory(rule);
        const late = weights.slice(-50).map(([w]) => w!);
        return [
          predicted('‖w‖', mean(late.map(norm)), 1, 0.03),
          atMost('1 − |cos(w, PC1)|', 1 - mean(late.map((w) => alignment(w, AXES[0]!))), 0.01),
        ];
      },
    },
  ],
};
