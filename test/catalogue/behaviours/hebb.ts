import type { Behaviour } from '../behaviour.js';
import { atMost, predictedWithin, ROUNDING } from './support/figures.js';
import { AXES, gaussian, inTurn, VARIANCES } from './support/inputs.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { alignment, dot } from './support/vectors.js';

const STEPS = 1000;
const START = [0.1, 0.2, -0.1];

/** The weights of a linear neuron on Gaussian inputs, every 50 steps. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, { patterns: gaussian(STEPS), weights: [START], every: 50 });

export const behaviour: Behaviour = {
  rule: 'hebb',
  claims: [
    {
      says: 'orthogonal patterns in turn: a linear neuron’s weight along each grows by the factor 1 + ηnλ a cycle, exactly',
      // y = w · p, so w + η p (p · w): each pattern p = √(nλ) v multiplies w · v by 1 + ηnλ alone.
      async measure(rule) {
        const cycles = 40;
        const { weights, value } = await learned(rule, {
          patterns: inTurn(VARIANCES, cycles),
          weights: [START],
        });
        return AXES.map((axis, k) => {
          const grown = dot(weights.at(-1)![0]!, axis);
          const factor = (1 + value('eta') * 3 * VARIANCES[k]!) ** cycles;
          return predictedWithin(`w · v${k + 1}`, grown, factor * dot(START, axis), ROUNDING);
        });
      },
    },
    {
      says: 'Gaussian inputs, 1,000 samples: w grows as e^{ηλ₁t} along the first principal component and turns towards it',
      // dw/dt = η C w. The noise of single samples changes the rate by O(η tr C), here 1.5 %, and keeps w
      // √(η λ₁λ₂ / 2(λ₁ − λ₂)) = 0.06 from the component (|cos| 0.998); λ₁ is that of the sample,
      // (v₁ · x)² on average.
      async measure(rule) {
        const { weights, value } = await trajectory(rule);
        const w = weights.at(-1)![0]!;
        const sample = gaussian(STEPS);
        const lambda = sample.reduce((sum, x) => sum + dot(x, AXES[0]!) ** 2, 0) / STEPS;
        const rate = Math.log(dot(w, AXES[0]!) / dot(START, AXES[0]!)) / (value('eta') * STEPS);
        return [
          predictedWithin('growth rate / η', rate, lambda, 0.05),
          atMost('1 − |cos(w, PC1)|', 1 - alignment(w, AXES[0]!), 0.01),
        ];
      },
    },
  ],
  indistinguishable: [
    { mutation: 'pre ↔ post', because: 'the rule is symmetric: it is the same rule' },
  ],
};
