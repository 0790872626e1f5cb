import { atMost } from './figures.js';
import { AXES, inTurn, VARIANCES } from './inputs.js';
import { type Learned, learned, type RuleFor } from './learning.js';
import { distance, dot, plus, scaled, type Vector } from './vectors.js';

const START = [0.6, 0.1, -0.3];
const CYCLES = 400;

/** The weights of a linear neuron on orthogonal patterns, after every cycle of three steps. */
export const normalisedTrajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, { patterns: inTurn(VARIANCES, CYCLES), weights: [START], every: 3 });

/**
 * Hebb's rule with a normalisation after every step is a power iteration: scaling w scales all that a
 * linear neuron learns, so w is the normalised result of plain Hebbian growth, by 1 + ηnλ a cycle along
 * each orthogonal pattern, exactly. It ends in the first component, which the last figure confirms: the
 * second, at first 1.5 times the first, is left with ((1 + ηnλ₂)/(1 + ηnλ₁))⁴⁰⁰ = 0.0009 of that.
 */
export async function powerIteration(rule: RuleFor, normalised: (w: Vector) => Vector) {
  const { weights, value } = await normalisedTrajectory(rule);
  const at = (cycle: number): Vector =>
    normalised(
      AXES.map((axis, k) => {
        const factor = (1 + value('eta') * 3 * VARIANCES[k]!) ** cycle;
        return scaled(factor * dot(START, axis), axis);
      }).reduce(plus),
    );
  const measured = weights.slice(1).map(([w]) => w!);
  const apart = distance(
    measured,
    measured.map((_, k) => at(k + 1)),
  );
  const first = distance([measured.at(-1)!], [normalised(AXES[0]!)]);
  return [
    atMost('largest distance from normalised growth', apart, 1e-9),
    atMost('distance from the first component at the end', first, 0.002),
  ];
}
