import type { Behaviour } from '../behaviour.js';
import { predicted } from './support/figures.js';
import { type Learned, learned, type RuleFor } from './support/learning.js';

const STEPS = 3000;
/** From far below and far above the fixed point. */
const STARTS = [0.05, 1.4];

/** The weights of two neurons with one input that is always 1, every 10 steps. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, {
    patterns: Array.from({ length: STEPS }, () => [1]),
    weights: STARTS.map((w) => [w]),
    every: 10,
  });

/** Where η w = β w⁴ (w − w̃), above w̃: growth and restraint in balance for an input of 1. */
function fixedPoint({ value }: Learned): number {
  const [eta, beta, rest] = [value('eta'), value('beta'), value('w_rest')];
  let [low, high] = [rest, rest + 10];
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (eta > beta * middle ** 3 * (middle - rest)) low = middle;
    else high = middle;
  }
  return low;
}

export const behaviour: Behaviour = {
  rule: 'heterosynaptic',
  claims: [
    {
      says: 'with an input of 1, weights from above and below go to the root of η = β w³ (w − w̃): growth is held in check',
      // Near it a distance shrinks by η (3 + w/(w − w̃)) ≈ 0.04 a step: nothing is left after 3,000.
      async measure(rule) {
        const run = await trajectory(rule);
        return STARTS.map((start, i) =>
          predicted(`from ${start}`, run.weights.at(-1)![i]![0]!, fixedPoint(run), 1e-9),
        );
      },
    },
    {
      says: 'meanwhile the weight of a silent input goes to w̃ by the factor 1 − β y⁴ a step, exactly',
      async measure(rule) {
        const steps = 100;
        const patterns = Array.from({ length: steps }, () => [1, 0]);
        const w = fixedPoint(await trajectory(rule));
        const { weights, value } = await learned(rule, { patterns, weights: [[w, 1.2]] });
        const [beta, rest] = [value('beta'), value('w_rest')];
        const left = rest + (1 - beta * w ** 4) ** steps * (1.2 - rest);
        return [
          predicted('weight of the active input', weights.at(-1)![0]![0]!, w, 1e-9),
          predicted('weight of the silent input', weights.at(-1)![0]![1]!, left, 1e-9),
        ];
      },
    },
  ],
};
