import type { Behaviour } from '../behaviour.js';
import { atMost, ROUNDING } from './support/figures.js';
import { errorAfter, idle, learns, NODE, PRE, shown, WORTH } from './support/perturbing.js';
import { distance } from './support/vectors.js';

export const behaviour: Behaviour = {
  rule: 'node_perturbation',
  claims: [
    {
      says: 'at the end of a trial a weight changes by η / σ² times what its output did because of the perturbation, associated with its input over the perturbed phase, times the difference of rewards',
      async measure(rule) {
        const done = await shown(rule, { 'post.noise': NODE });
        // The second and third step are perturbed; what is called noise before is not counted.
        const expected = [0, 1].map((i) =>
          [0, 1].map((j) => WORTH * (NODE[1][i]! * PRE[1][j]! + NODE[2][i]! * PRE[2][j]!)),
        );
        return [atMost('distance from it', distance(done.end('w'), expected), ROUNDING)];
      },
    },
    {
      says: 'the error falls as fast as theory says for the weights that are used in a trial; a weight whose input is never used stays where it is',
      async measure(rule) {
        return [
          await errorAfter(rule, 'node', 16),
          atMost('idle weight', idle(await learns(rule, 'node')), 0),
        ];
      },
    },
    {
      says: 'where weights are perturbed (hybrid perturbation) and inputs are orthogonal, it is perturbation of the weights that are active',
      async measure(rule, companion) {
        const hybrid = await learns(rule, 'hybrid');
        const active = await learns(
          (table) => companion('weight_perturbation_active', table),
          'active',
        );
        const off = distance([hybrid.weights], [active.weights]);
        return [atMost('distance of the weights', off, ROUNDING)];
      },
    },
  ],
};
