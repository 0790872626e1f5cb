import type { Behaviour } from '../behaviour.js';
import { atMost, ROUNDING } from './support/figures.js';
import { normalisedTrajectory, powerIteration } from './support/power-iteration.js';
import { scaled, total } from './support/vectors.js';

export { normalisedTrajectory as trajectory };

export const behaviour: Behaviour = {
  rule: 'hebb_normalised',
  claims: [
    {
      says: 'Σ|w| is the total after every step',
      async measure(rule) {
        const { weights, value } = await normalisedTrajectory(rule);
        const apart = weights
          .slice(1)
          .map(([w]) => Math.abs(total(w!.map(Math.abs)) - value('total')));
        return [atMost('largest deviation of Σ|w|', Math.max(...apart), ROUNDING)];
      },
    },
    {
      says: 'orthogonal patterns in turn: w goes to the first component, scaled to Σ|w| = 1, as plain Hebbian growth does in direction, exactly',
      // The total is 1, as the claim before says.
      measure: (rule) => powerIteration(rule, (w) => scaled(1 / total(w.map(Math.abs)), w)),
    },
  ],
};
