import type { Behaviour } from '../behaviour.js';
import { predicted, ROUNDING } from './support/figures.js';
import { learned, type RuleFor, updateOf } from './support/learning.js';
import type { Matrix, Vector } from './support/vectors.js';

/** Activities in each of the regimes, edges included, and what Δw is there in units of η x. */
const REGIMES = [
  { name: 'below 0.2', activities: [-1, 0, 0.1, 0.2], change: 0 },
  { name: '0.2 to 0.5', activities: [0.21, 0.35, 0.5], change: -1 },
  { name: 'above 0.5', activities: [0.51, 0.8, 2], change: 1 },
];
const INPUT = [0.3, -1.5];

/** Δw at two inputs (columns) as a function of the postsynaptic activity (rows). */
export const curve = (rule: RuleFor, activities: Vector): Promise<Matrix> =>
  updateOf(rule, INPUT, activities);

export const behaviour: Behaviour = {
  rule: 'abs_rule',
  claims: [
    {
      says: 'Δw is 0 up to the lower threshold, −η x up to the upper one, η x above, edges as written',
      async measure(rule) {
        const { value } = await learned(rule, { patterns: [INPUT], weights: [[0, 0]] });
        return (
          await Promise.all(
            REGIMES.map(async ({ name, activities, change }) => {
              const changes = await curve(rule, activities);
              const ratios = changes.flatMap((row) =>
                row.map((dw, j) => dw / (value('eta') * INPUT[j]!)),
              );
              return [
                predicted(`least Δw / ηx, y ${name}`, Math.min(...ratios), change, ROUNDING),
                predicted(`largest Δw / ηx, y ${name}`, Math.max(...ratios), change, ROUNDING),
              ];
            }),
          )
        ).flat();
      },
    },
    {
      says: 'a weight whose neuron answers above the upper threshold grows step by step; below it, it shrinks until the lower one and stays',
      // One input of 1, so y = w: 0.505 goes up by η a step, 0.405 down to the first value under 0.2.
      async measure(rule) {
        const steps = 40;
        const { weights, value } = await learned(rule, {
          patterns: Array.from({ length: steps }, () => [1]),
          weights: [[0.505], [0.405], [0.15]],
        });
        const [eta, low] = [value('eta'), value('low')];
        const stops = 0.405 - Math.ceil((0.405 - low) / eta) * eta;
        const [strong, moderate, weak] = weights.at(-1)!.map(([w]) => w!);
        return [
          predicted('from 0.505', strong!, 0.505 + steps * eta, ROUNDING),
          predicted('from 0.405', moderate!, stops, ROUNDING),
          predicted('from 0.15', weak!, 0.15, ROUNDING),
        ];
      },
    },
  ],
};
