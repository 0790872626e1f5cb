import type { Behaviour } from '../behaviour.js';
import { isBackpropagation, learning, oneStep } from './support/aligning.js';
import { atMost } from './support/figures.js';
import { outer } from './support/network.js';
import type { Done, RuleFor } from './support/run.js';
import { mean, scaled } from './support/vectors.js';

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
          { name: 'cross-entropy, random feedback', value: random, within: [0.6, Math.log(3)] },
          atMost('cross-entropy, symmetric over random feedback', symmetric / random, 0.8),
        ];
      },
    },
  ],
};
