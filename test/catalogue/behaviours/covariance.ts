import type { Behaviour } from '../behaviour.js';
import { atMost, predictedWithin, ROUNDING } from './support/figures.js';
import { normals } from './support/inputs.js';
import { CLAMP, type Learned, learned, type RuleFor } from './support/learning.js';
import { dot, mean, minus, scaled } from './support/vectors.js';

/** What the averages keep, `keeping 0.9`. */
const KEPT = 0.9;
const STEPS = 2200;
/** Until the averages have forgotten that they started at 0: 0.9²⁰⁰ = 10⁻⁹. */
const WARMUP = 200;

/** Two inputs with these means; the neuron is driven to 0 or 1 from elsewhere, mostly as the first goes. */
function driven(means: readonly number[]): { patterns: number[][]; partner: number[][] } {
  const draws = normals(STEPS, 3, 1);
  return {
    patterns: draws.map(([a, b]) => [means[0]! + a!, means[1]! + b!]),
    partner: draws.map(([a, , c]) => [0.8 * a! + 0.6 * c! > 0.3 ? CLAMP : -CLAMP]),
  };
}

/** The weights of a driven neuron, whose inputs have these means. Steps that learn little: w · x stays small. */
export const trajectory = (rule: RuleFor, means: readonly number[]): Promise<Learned> =>
  learned(rule, {
    ...driven(means),
    weights: [[0, 0]],
    activation: 'sigmoid',
    values: { eta: 0.001 },
    every: WARMUP,
  });

async function drift(rule: RuleFor, means: readonly number[]): Promise<number[]> {
  const { weights, value } = await trajectory(rule, means);
  const change = minus(weights.at(-1)![0]!, weights[1]![0]!);
  return scaled(1 / (value('eta') * (STEPS - WARMUP)), change);
}

export const behaviour: Behaviour = {
  rule: 'covariance',
  claims: [
    {
      says: 'constant activities x and y teach η x y d²(1 − d²ᵗ)/(1 − d²) in t steps, exactly: only until the averages (d = 0.9) have reached them',
      // x − x̄ after step t is x dᵗ: the sum of the products is a geometric series.
      async measure(rule) {
        const [x, steps] = [[2, 0.5], 150];
        const { weights, value } = await learned(rule, {
          patterns: Array.from({ length: steps }, () => x),
          partner: Array.from({ length: steps }, () => [CLAMP]),
          weights: [[0, 0]],
          activation: 'sigmoid',
        });
        const sum = (KEPT ** 2 * (1 - KEPT ** (2 * steps))) / (1 - KEPT ** 2);
        return x.map((xj, j) =>
          predictedWithin(`w${j + 1}`, weights.at(-1)![0]![j]!, value('eta') * xj * sum, ROUNDING),
        );
      },
    },
    {
      says: 'the mean drift is 2d²/(1 + d) times the covariance of the two activities, 0 where they are independent, whatever the means',
      // x − x̄ = Σ aₖ x(t − k) with a₀ = d and aₖ = −(1 − d)dᵏ: the means drop out, Σ aₖ² = 2d²/(1 + d) is
      // left. Products of different times average to 0 up to √(2 Σ rₘ² / N) = 0.2 σxσy / √N, with rₘ = Σₖ
      // aₖaₖ₊ₘ and N = 2000: 0.002, of a covariance of 0.3.
      async measure(rule) {
        const { patterns, partner } = driven([0, 0]);
        const late = patterns.slice(WARMUP);
        const y = partner.slice(WARMUP).map(([p]) => (p! > 0 ? 1 : 0));
        const covariance = [0, 1].map((j) => {
          const x = late.map((row) => row[j]!);
          return dot(x, y) / x.length - mean(x) * mean(y);
        });
        const factor = (2 * KEPT ** 2) / (1 + KEPT);
        const without = await drift(rule, [0, 0]);
        const shifted = await drift(rule, [3, -2]);
        return [
          predictedWithin('drift / η, no means', without[0]!, factor * covariance[0]!, 0.03),
          predictedWithin('drift / η, means 3 and −2', shifted[0]!, factor * covariance[0]!, 0.03),
          atMost(
            '|drift / η| of the independent input',
            Math.abs(without[1]! - factor * covariance[1]!),
            0.01,
          ),
          atMost('between means', Math.max(...minus(without, shifted).map(Math.abs)), ROUNDING),
        ];
      },
    },
  ],
  indistinguishable: [
    { mutation: 'pre ↔ post', because: 'the rule is symmetric: it is the same rule' },
  ],
};
