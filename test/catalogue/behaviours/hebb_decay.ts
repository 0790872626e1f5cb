import type { Behaviour } from '../behaviour.js';
import { predictedWithin, ROUNDING } from './support/figures.js';
import { AXES, inTurn } from './support/inputs.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { dot } from './support/vectors.js';

const START = [0.1, 0.2, -0.1];
const CYCLES = 100;
/** The last is below λ / η = 0.1, what forgetting takes away. */
export const VARIANCES = [1, 0.4, 0.05];

/** The weights of a linear neuron on orthogonal patterns, after every cycle. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, { patterns: inTurn(VARIANCES, CYCLES), weights: [START], every: 3 });

export const behaviour: Behaviour = {
  rule: 'hebb_decay',
  claims: [
    {
      says: 'without activity a weight fades by the factor 1 − λ a step, exactly',
      async measure(rule) {
        const patterns = Array.from({ length: 300 }, () => [0, 0, 0]);
        const { weights, value } = await learned(rule, { patterns, weights: [START] });
        const left = (1 - value('lambda')) ** 300;
        return START.map((w, j) =>
          predictedWithin(`w${j + 1}`, weights.at(-1)![0]![j]!, left * w, ROUNDING),
        );
      },
    },
    {
      says: 'weights grow along directions with a variance above λ/η and fade along the others, by (1 + ηnv − λ)(1 − λ)ⁿ⁻¹ a cycle',
      async measure(rule) {
        const { weights, value } = await trajectory(rule);
        const [eta, lambda] = [value('eta'), value('lambda')];
        return AXES.map((axis, k) => {
          const factor = (1 + eta * 3 * VARIANCES[k]! - lambda) * (1 - lambda) ** 2;
          const grown = dot(weights.at(-1)![0]!, axis) / dot(START, axis);
          return predictedWithin(`growth along v${k + 1}`, grown, factor ** CYCLES, ROUNDING);
        });
      },
    },
  ],
  indistinguishable: [
    { mutation: 'pre ↔ post', because: 'the rule is symmetric: it is the same rule' },
  ],
};
