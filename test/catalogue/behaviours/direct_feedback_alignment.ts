import type { Behaviour } from '../behaviour.js';
import { learning, oneStep } from './support/aligning.js';
import { atMost } from './support/figures.js';
import { angle, drawn, layersOf, lessons, networkWith, outer } from './support/network.js';
import type { Done, RuleFor } from './support/run.js';
import { meanOf, scaled } from './support/vectors.js';

/** Learning rate of the simulation: at what is written it takes twice as long. */
const VALUES = { eta: 0.02 };
const STEPS = 4000;

/** The forward weights W1, W2, W3 while a network of 6-12-8-3 neurons learns, every 50 samples. */
export const trajectory = (rule: RuleFor, seed = 1): Promise<Done> =>
  learning('direct', { forward: rule }, { steps: STEPS, seed, values: VALUES, every: 50 });

export const behaviour: Behaviour = {
  rule: 'direct_feedback_alignment',
  claims: [
    oneStep(
      'a step is −η e xᵀ with e_l = (D_{l+1}ᵀ e_L) ⊙ φ′(u_l): every layer hears of the output’s error at once',
      'direct',
      ({ e, x }, value) => outer(scaled(-value('eta'), e), x),
    ),
    {
      says: 'a network of three layers learns a teacher, and what the fixed weights bring comes to lie within 90° of the gradient (means of four)',
      // Nøkland 2016: the change descends as long as its angle with backpropagation is below 90°. Two random
      // directions of n elements are 90° ± 57° / √n apart: errors of 12 and 8 neurons ± 17° and ± 20°, half
      // of it for the mean of four networks. Two of these are asked for.
      async measure(rule) {
        const each = await Promise.all(
          [1, 2, 3, 4].map(async (seed) => {
            const done = await trajectory(rule, seed);
            const start = drawn(networkWith('direct'), seed);
            const weights = [1, 2, 3].map((l) => done.end(`W${l}`));
            const direct = [1, 2, 3].map((l) => start[`D${l}`]!);
            const { image, target } = lessons(50, 3);
            const angles = image.map((x, k) => {
              const found = layersOf(weights, direct, x, target[k]!, true).error;
              const exact = layersOf(weights, weights, x, target[k]!).error;
              return [1, 2].map((l) => angle([found[l]!], [exact[l]!]));
            });
            return [done.loss, ...meanOf(angles)];
          }),
        );
        const [loss, lower, upper] = meanOf(each);
        return [
          atMost('cross-entropy of other samples after 4,000', loss!, Math.log(3) / 2),
          atMost('angle with the gradient, layer 1', lower!, 90 - 17),
          atMost('angle with the gradient, layer 2', upper!, 90 - 20),
        ];
      },
    },
  ],
};
