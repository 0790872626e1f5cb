import { PATTERNS, trajectory } from '../behaviours/bcm.js';
import { dot } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

/** Steps between points: an even number, as patterns take turns. */
const EVERY = 10;

export const picture: Draw = async (rule) => {
  const { weights, memory } = await trajectory(rule);
  const shown = weights.filter((_, t) => t % EVERY === 0).slice(0, 201);
  const theta = memory.theta!.filter((_, t) => t % EVERY === 0).slice(0, 201);
  return {
    title: 'Responses to two patterns that take turns: the neuron becomes selective for one',
    x: { label: 'steps' },
    y: { label: 'response' },
    series: [
      ...PATTERNS.map((x, k) => ({
        name: `pattern ${k + 1}`,
        points: over(
          shown.map(([w]) => dot(w!, x)),
          EVERY,
        ),
      })),
      {
        name: 'threshold θ',
        points: over(
          theta.map(([value]) => value!),
          EVERY,
        ),
      },
    ],
  };
};
