import { Stream } from '../../../src/base/random.js';
import type { Behaviour } from '../behaviour.js';
import { atMost, predicted } from './support/figures.js';
import { normals } from './support/inputs.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { alignment, meanOf, norm, plus, scaled } from './support/vectors.js';

/** Three clusters of inputs. Their length is the inverse temperature of the softmax, once ‖w‖ is 1. */
export const CLUSTERS = [
  [8, 1, 0],
  [0, 8, 2],
  [1, 0, 8],
];
/** Neuron k answers the k-th cluster a little more than the others do. */
const START = [
  [0.3, 0.1, 0.1],
  [0.1, 0.3, 0.1],
  [0.1, 0.1, 0.3],
];

/** The weights of three competing neurons on 1,500 samples of the clusters, every 5 steps. */
export function trajectory(rule: RuleFor): Promise<Learned> {
  const stream = new Stream(1, 'behaviour', 'clusters');
  const patterns = normals(1500, 3, 1).map((xi) => plus(CLUSTERS[stream.integer(3)]!, xi));
  return learned(rule, { patterns, weights: START, activation: 'softmax', every: 5 });
}

export const behaviour: Behaviour = {
  rule: 'soft_hebb',
  claims: [
    {
      says: 'without competitors (y = 1) the weight along an input of length 1 grows as tanh(ηt + a), across it falls as 1/cosh(ηt + a)',
      // u = w · x: du/dt = η (1 − u²), and dp/dt = −η u p across. Steps of η = 0.01 err by less than η/4.
      async measure(rule) {
        const x = [0.6, 0.8];
        const [u, p] = [0.1, 0.5];
        const start = plus(scaled(u, x), scaled(p, [-0.8, 0.6]));
        const { weights, value } = await learned(rule, {
          patterns: Array.from({ length: 400 }, () => x),
          weights: [start],
          activation: 'softmax',
        });
        const apart = weights.map(([w], t) => {
          const phase = value('eta') * t + Math.atanh(u);
          const along = Math.tanh(phase);
          const across = (p * Math.cosh(Math.atanh(u))) / Math.cosh(phase);
          return Math.max(
            Math.abs(0.6 * w![0]! + 0.8 * w![1]! - along),
            Math.abs(-0.8 * w![0]! + 0.6 * w![1]! - across),
          );
        });
        return [atMost('largest distance from the closed form', Math.max(...apart), 0.0025)];
      },
    },
    {
      says: 'three noisy clusters: weights come to stand at the cluster means scaled to unit length within 750 samples',
      // Fixed point: E[y x] = E[y u] w, so w is along E[y x], and times w: ‖w‖ = 1. Samples move w by
      // √(η‖x‖/2) σ/‖x‖ = 0.025; means over 250 inputs, each 1/η‖x‖ = 12 alike, by 0.006.
      async measure(rule) {
        const late = (await trajectory(rule)).weights.slice(-150);
        return CLUSTERS.flatMap((center, i) => {
          const w = meanOf(late.map((each) => each[i]!));
          return [
            atMost(`1 − |cos(w${i + 1}, cluster ${i + 1})|`, 1 - alignment(w, center), 0.001),
            predicted(`‖w${i + 1}‖`, norm(w), 1, 0.02),
          ];
        });
      },
    },
  ],
};
