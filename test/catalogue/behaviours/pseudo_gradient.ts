import type { Behaviour } from '../behaviour.js';
import { isBackpropagation, learning, oneStep } from './support/aligning.js';
import { atMost, predictedWithin } from './support/figures.js';
import { drawn, layersOf, learns, lessons, networkWith, outer } from './support/network.js';
import type { Done, RuleFor } from './support/run.js';
import { dot, mean, norm, scaled, total } from './support/vectors.js';

const STEPS = 800;

/** The forward weights while a network learns at the written rate, every 50 samples. */
export const trajectory = (rule: RuleFor): Promise<Done> =>
  learning('random', { forward: rule }, { steps: STEPS, seed: 1, every: 50 });

export const behaviour: Behaviour = {
  rule: 'pseudo_gradient',
  claims: [
    oneStep(
      'a step is the term F0 of the paper times η: −η e_l y_{l−1}ᵀ (Eq 14)',
      'random',
      ({ e, x }, value) => outer(scaled(-value('eta'), e), x),
    ),
    isBackpropagation,
    {
      says: 'a small step lowers the cost of its sample by η Σ (e_l · ê_l) |y_{l−1}|², with ê what random feedback brings for the exact e',
      // To first order the cost falls by the product of step and gradient: in the last layer all of the
      // gradient's share, below only as much as random and exact errors have in common. At η = 1e-5 the
      // second order is 1e-5 of it.
      async measure(rule) {
        const circuit = networkWith('random');
        const start = drawn(circuit, 1);
        const layers = [1, 2, 3];
        const [weights, back] = ['W', 'B'].map((letter) =>
          layers.map((l) => start[`${letter}${l}`]!),
        );
        const { image, target } = lessons(1, 1);
        const exact = layersOf(weights!, weights!, image[0]!, target[0]!);
        const brought = layersOf(weights!, back!, image[0]!, target[0]!).error;
        const shares = layers.map(
          (l) => dot(exact.error[l]!, brought[l]!) * norm(exact.activity[l - 1]!) ** 2,
        );
        const about = { steps: 1, start, askedAbout: 'the lesson' } as const;
        const before = await learns(circuit, {}, about);
        const after = await learns(circuit, { forward: rule }, { ...about, values: { eta: 1e-5 } });
        const fall = (before.loss - after.loss) / 1e-5;
        return [predictedWithin('fall of the cost over η', fall, total(shares), 1e-3)];
      },
    },
    {
      says: 'at the same rate errors that come back through the forward weights teach faster than those through random ones (means of four)',
      // The paper's starting point (Fig 3): with few samples the pseudo-gradient is far behind
      // backpropagation. Without any learning the cross-entropy is above ln 3 = 1.1.
      async measure(rule) {
        const values = { eta: 0.02 };
        const after = async (feedback: 'random' | 'symmetric'): Promise<number> => {
          const each = [1, 2, 3, 4].map((seed) =>
            learning(feedback, { forward: rule }, { steps: STEPS, seed, values, every: STEPS }),
          );
          return mean((await Promise.all(each)).map(({ loss }) => loss));
        };
        const [random, symmetric] = [await after('random'), await after('symmetric')];
        return [
          { name: 'cross-entropy, random feedback', value: random, within: [0, Math.log(3)] },
          atMost('cross-entropy, symmetric over random feedback', symmetric / random, 0.8),
        ];
      },
    },
  ],
};
