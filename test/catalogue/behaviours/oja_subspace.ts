import type { Behaviour } from '../behaviour.js';
import { atMost } from './support/figures.js';
import { gaussian, inTurn, matrixOf } from './support/inputs.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { ojaFlow } from './support/oja-flow.js';
import { distance, product, scaled, transpose } from './support/vectors.js';

const VARIANCES = [1, 0.7, 0.1];
const START = [
  [0.3, -0.1, 0.4],
  [0.1, 0.5, 0.2],
];

/** The weights of two linear neurons on 3,000 Gaussian samples, every 20 steps. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, {
    patterns: gaussian(3000, { variances: VARIANCES }),
    weights: START,
    every: 20,
  });

export const behaviour: Behaviour = {
  rule: 'oja_subspace',
  claims: [
    {
      says: 'orthogonal patterns in turn: WᵀW follows the closed form of Oja’s flow, from the start to the principal subspace',
      // As for one neuron (see oja); the flow gives WᵀW, which is all that a rotation of the rows leaves.
      async measure(rule) {
        const cycles = 150;
        const { weights, value } = await learned(rule, {
          patterns: inTurn(VARIANCES, cycles),
          weights: START,
          every: 3,
        });
        const apart = weights.map((w, k) =>
          distance(product(transpose(w), w), ojaFlow(VARIANCES, START, value('eta') * 3 * k)),
        );
        return [atMost('largest distance from WᵀW of the flow', Math.max(...apart), 0.03)];
      },
    },
    {
      says: 'Gaussian inputs, λ = 1, 0.7, 0.1: W Wᵀ goes to 1 and WᵀW to the projector onto the first two components within 3,000 samples',
      // Means over the last 1,000 samples; single samples move W by √(η/2) ≈ 0.07.
      async measure(rule) {
        const late = (await trajectory(rule)).weights.slice(-50);
        const average = (of: (w: (typeof late)[number]) => number[][]): number[][] =>
          late
            .map(of)
            .reduce((sum, a) => sum.map((row, i) => row.map((x, j) => x + a[i]![j]!)))
            .map((row) => scaled(1 / late.length, row));
        const identity = [
          [1, 0],
          [0, 1],
        ];
        const projector = matrixOf([1, 1, 0]);
        const onto = average((w) => product(transpose(w), w));
        return [
          atMost(
            '|W Wᵀ − 1|',
            distance(
              average((w) => product(w, transpose(w))),
              identity,
            ),
            0.04,
          ),
          atMost('|WᵀW − projector|', distance(onto, projector), 0.04),
        ];
      },
    },
  ],
};
