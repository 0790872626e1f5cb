import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, ROUNDING } from './support/figures.js';
import { CLAMP, learned, type RuleFor } from './support/learning.js';
import { distance, scaled, type Vector } from './support/vectors.js';

const STEPS = 40;
/** A bump of postsynaptic activity. */
const BUMP = Array.from({ length: STEPS }, (_, t) => Math.exp(-((t - 20) ** 2) / (2 * 5 ** 2)));

/**
 * The weights of inputs with one pulse each, the k-th in step k, while the neuron goes through the bump:
 * Δw as a function of when the input comes. A pulse finds its weight at 0, so the activity is what is given.
 */
export async function timing(rule: RuleFor): Promise<Vector> {
  const { weights } = await learned(rule, {
    patterns: BUMP.map((_, t) => BUMP.map((_, k) => (k === t ? 1 : 0))),
    noise: BUMP.map((y) => [y]),
    weights: [BUMP.map(() => 0)],
    every: STEPS,
  });
  return weights[1]![0]!;
}

export const behaviour: Behaviour = {
  rule: 'differential_hebb',
  claims: [
    {
      says: 'an input that comes while activity rises is strengthened, one that comes while it falls weakened, by η times the change, exactly',
      async measure(rule) {
        const eta = (await learned(rule, { patterns: [[0]], weights: [[0]] })).value('eta');
        const changes = await timing(rule);
        const rises = BUMP.map((y, t) => y - (BUMP[t - 1] ?? 0));
        return [
          atMost('largest distance from η Δy', distance([changes], [scaled(eta, rises)]), ROUNDING),
          predicted('largest Δw', Math.max(...changes), eta * Math.max(...rises), ROUNDING),
          predicted('least Δw', Math.min(...changes), eta * Math.min(...rises), ROUNDING),
        ];
      },
    },
    {
      says: 'an input active from before a pulse of activity until after it keeps its weight: what the onset teaches the end takes back; the start or the end alone teaches ±η',
      // The sum over the change telescopes. The pulse lasts from step 10 to 19.
      async measure(rule) {
        const active = [
          [5, 24],
          [5, 14],
          [15, 24],
          [12, 17],
        ];
        const steps = [...BUMP.keys()];
        const { weights, value } = await learned(rule, {
          patterns: steps.map((t) => active.map(([from, to]) => (t >= from! && t <= to! ? 1 : 0))),
          partner: steps.map((t) => [t >= 10 && t < 20 ? CLAMP : -CLAMP]),
          weights: [[0.1, 0.1, 0.1, 0.1]],
          activation: 'sigmoid',
        });
        const eta = value('eta');
        const names = ['whole pulse', 'its start', 'its end', 'its middle'];
        return [0, eta, -eta, 0].map((change, j) =>
          predicted(names[j]!, weights.at(-1)![0]![j]! - 0.1, change, ROUNDING),
        );
      },
    },
  ],
};
