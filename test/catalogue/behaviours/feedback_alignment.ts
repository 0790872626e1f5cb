import type { Behaviour } from '../behaviour.js';
import { alignment, isBackpropagation, learning, oneStep } from './support/aligning.js';
import { atMost } from './support/figures.js';
import { outer } from './support/network.js';
import type { Done, RuleFor } from './support/run.js';
import { scaled } from './support/vectors.js';

/** Learning rate of the simulation: at what is written it takes five times as long. */
const VALUES = { eta: 0.05 };
const STEPS = 2500;

/** The forward weights W1, W2, W3 while a network of 6-12-8-3 neurons learns, every 50 samples. */
export const trajectory = (rule: RuleFor): Promise<Done> =>
  learning('random', { forward: rule }, { steps: STEPS, seed: 1, values: VALUES, every: 50 });

export const behaviour: Behaviour = {
  rule: 'feedback_alignment',
  claims: [
    oneStep(
      'with random feedback a step is −η e xᵀ with e_l = (B_{l+1}ᵀ e_{l+1}) ⊙ φ′(u_l)',
      'random',
      ({ e, x }, value) => outer(scaled(-value('eta'), e), x),
    ),
    isBackpropagation,
    {
      says: 'a network of three layers learns a teacher, and its forward weights turn to within 90° of the fixed feedback (means of four)',
      // Lillicrap et al. 2016. Two random matrices of n elements are 90° ± 57° / √n apart: the 24 of W3
      // ± 12° and the 96 of W2 ± 6°, half of it for the mean of four networks. Two of these are asked for.
      // To know the classes' shares only leaves a cross-entropy of about ln 3 = 1.1.
      async measure(rule) {
        const { losses, angles } = await alignment(rule, { steps: STEPS, values: VALUES });
        return [
          atMost('cross-entropy of other samples after 2,500', losses[1], Math.log(3) / 2),
          atMost('angle between W3 and B3', angles[3]![1], 90 - 12),
          atMost('angle between W2 and B2', angles[2]![1], 90 - 6),
          {
            name: 'by how much W3 turned',
            value: angles[3]![1] - angles[3]![0],
            within: [-180, -12],
          },
        ];
      },
    },
  ],
};
