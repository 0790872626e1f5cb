import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, predictedWithin, ROUNDING } from './support/figures.js';
import { AXES, inTurn, normals, VARIANCES } from './support/inputs.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';
import { dot, mean, meanOf } from './support/vectors.js';

const START = [0.1, 0.2, -0.1];
const STEPS = 3000;
/** How the parallel pathway depends on the two inputs: its part that learning can take away. */
const SHARED = [0.8, -0.5];

/** Two independent inputs, and a parallel pathway that carries them and something of its own (0.5 ξ). */
function shared(): { patterns: number[][]; partner: number[][] } {
  const draws = normals(STEPS, 3, 1);
  const patterns = draws.map(([a, b]) => [a!, b!]);
  const partner = draws.map((row) => [dot(row.slice(0, 2), SHARED) + 0.5 * row[2]!]);
  return { patterns, partner };
}

/** The weights while a neuron becomes uncorrelated with its inputs, every step. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, { ...shared(), weights: [[0, 0]] });

export const behaviour: Behaviour = {
  rule: 'anti_hebb',
  claims: [
    {
      says: 'a familiar pattern is answered less and less: w along it falls by the factor 1 − ηnλ a cycle, exactly',
      // Hebb with the other sign: the novelty filter of Kohonen & Oja 1976, Biol Cybern 21:85.
      async measure(rule) {
        const cycles = 40;
        const { weights, value } = await learned(rule, {
          patterns: inTurn(VARIANCES, cycles),
          weights: [START],
        });
        return AXES.map((axis, k) => {
          const left = (1 - value('eta') * 3 * VARIANCES[k]!) ** cycles * dot(START, axis);
          return predictedWithin(`w · v${k + 1}`, dot(weights.at(-1)![0]!, axis), left, ROUNDING);
        });
      },
    },
    {
      says: 'a neuron that shares a signal with its inputs becomes uncorrelated with them within 1,500 samples',
      // y = (w + a) · x + 0.5 ξ, so w → −a, where the covariance of y and x is 0. In the second half the
      // mean of y x is the drift of w, a few 0.5 √(η/2) = 0.035, over 1,500 η. The mean of w errs as a
      // regression on 1,500 samples does, by 0.5/√1500 = 0.013; the bound is four times that.
      async measure(rule) {
        const { weights } = await trajectory(rule);
        const late = weights.slice(STEPS / 2, STEPS).map(([w]) => w!);
        const { patterns, partner } = shared();
        const correlation = [0, 1].map((j) =>
          mean(
            late.map((w, t) => {
              const x = patterns[STEPS / 2 + t]!;
              return (dot(w, x) + partner[STEPS / 2 + t]![0]!) * x[j]!;
            }),
          ),
        );
        return [
          predicted('w₁ (mean of the last half)', meanOf(late)[0]!, -SHARED[0]!, 0.052),
          predicted('w₂ (mean of the last half)', meanOf(late)[1]!, -SHARED[1]!, 0.052),
          atMost('|mean y x₁| (at first 0.8)', Math.abs(correlation[0]!), 0.01),
          atMost('|mean y x₂| (at first 0.5)', Math.abs(correlation[1]!), 0.01),
        ];
      },
    },
  ],
  indistinguishable: [
    { mutation: 'pre ↔ post', because: 'the rule is symmetric: it is the same rule' },
  ],
};
