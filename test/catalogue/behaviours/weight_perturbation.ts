import type { Behaviour } from '../behaviour.js';
import { atMost, ROUNDING } from './support/figures.js';
import { errorAfter, idle, learns, shown, WEIGHT, WORTH } from './support/perturbing.js';
import { distance } from './support/vectors.js';

export const behaviour: Behaviour = {
  rule: 'weight_perturbation',
  claims: [
    {
      says: 'at the end of a trial every weight changes by η / σ² times its perturbation, times the reward of the perturbed phase minus that of the baseline; not before',
      async measure(rule) {
        const done = await shown(rule, { 'w.noise': [WEIGHT, WEIGHT, WEIGHT] });
        const [, before, after] = done.moments('w');
        const expected = [0, 2].map((at) => [WORTH * WEIGHT[at]!, WORTH * WEIGHT[at + 1]!]);
        return [
          atMost('distance from it', distance(after!, expected), ROUNDING),
          atMost(
            'change before',
            distance(before!, [
              [0, 0],
              [0, 0],
            ]),
            0,
          ),
        ];
      },
    },
    {
      says: 'the error falls as fast as theory says for all relevant weights at once, though only some are used in a trial; a weight whose input is never used moves, too',
      async measure(rule) {
        const moved = idle(await learns(rule, 'weight'));
        return [
          await errorAfter(rule, 'weight', 24),
          { name: 'idle weight', value: moved, within: [1e-3, 1] },
        ];
      },
    },
  ],
  indistinguishable: [
    { mutation: 'pre ↔ post', because: 'it reads neither the one nor the other' },
  ],
};
