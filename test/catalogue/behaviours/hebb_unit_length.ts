import type { Behaviour } from '../behaviour.js';
import { atMost, ROUNDING } from './support/figures.js';
import { gaussian } from './support/inputs.js';
import { learned, type RuleFor } from './support/learning.js';
import { normalisedTrajectory, powerIteration } from './support/power-iteration.js';
import { distance, norm, scaled } from './support/vectors.js';

export { normalisedTrajectory as trajectory };

const STEPS = 1000;

/** The weights on Gaussian samples, every 10 steps, from a vector of unit length. */
const onSamples = async (rule: RuleFor) => {
  const lesson = { patterns: gaussian(STEPS), weights: [[0.6, 0, 0.8]], every: 10 };
  return (await learned(rule, lesson)).weights.map(([w]) => w!);
};

export const behaviour: Behaviour = {
  rule: 'hebb_unit_length',
  claims: [
    {
      says: '‖w‖ is 1 after every step',
      async measure(rule) {
        const { weights } = await normalisedTrajectory(rule);
        const apart = weights.slice(1).map(([w]) => Math.abs(norm(w!) - 1));
        return [atMost('largest deviation of ‖w‖', Math.max(...apart), ROUNDING)];
      },
    },
    {
      says: 'orthogonal patterns in turn: w goes to the first component as plain Hebbian growth does in direction, exactly',
      measure: (rule) => powerIteration(rule, (w) => scaled(1 / norm(w), w)),
    },
    {
      says: 'Oja’s rule is what this is for small η: on the same 1,000 Gaussian samples the two stay within O(η)',
      // They differ by O(η²) a step (Oja 1982), E|η² y²(…)| ≈ η² · 3λ₁²/2, which is forgotten at the rate
      // η (λ₁ − λ₂): η · 3λ₁² / 2(λ₁ − λ₂) = 0.025 between them, twice that as a bound.
      async measure(rule, companion) {
        const normalised = await onSamples(rule);
        const oja = await onSamples((table) => companion('oja', table));
        return [atMost('largest distance from Oja’s', distance(normalised, oja), 0.05)];
      },
    },
  ],
};
