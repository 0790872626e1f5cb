import type { Behaviour } from '../behaviour.js';
import { atMost, ROUNDING } from './support/figures.js';
import { errorAfter, idle, learns, shown, WEIGHT, WORTH } from './support/perturbing.js';
import { distance } from './support/vectors.js';

export const behaviour: Behaviour = {
  rule: 'weight_perturbation_active',
  claims: [
    {
      says: 'at the end of a trial weights change as by weight perturbation, but those whose input was silent throughout do not',
      async measure(rule) {
        const done = await shown(rule, {
          pre: [
            [0, 0],
            [0, 0],
            [-2, 0],
          ],
          'w.noise': [WEIGHT, WEIGHT, WEIGHT],
        });
        const expected = [
          [WORTH * WEIGHT[0]!, 0],
          [WORTH * WEIGHT[2]!, 0],
        ];
        return [atMost('distance from it', distance(done.end('w'), expected), ROUNDING)];
      },
    },
    {
      says: 'the error falls as fast as theory says for the weights that are used in a trial; a weight whose input is never used stays where it is',
      async measure(rule) {
        return [
          await errorAfter(rule, 'active', 16),
          atMost('idle weight', idle(await learns(rule, 'active')), 0),
        ];
      },
    },
  ],
  indistinguishable: [
    {
      mutation: '1.2 × `abs(pre)` in used',
      because: 'it only matters whether there was any input, not how much',
    },
  ],
};
