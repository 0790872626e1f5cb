import { PATTERN, trajectory } from '../behaviours/reward_hebb.js';
import { dot } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const weights = (await trajectory(rule)).moments('W').map(([w]) => w!);
  return {
    title: 'A neuron that explores and is rewarded for answers near 1: its answer to the pattern',
    x: { label: 'trials' },
    y: { label: 'answer without exploration', range: [-0.1, 1.1] },
    series: [
      {
        name: 'answer',
        points: over(
          weights.map((w) => dot(w, PATTERN)),
          1,
          1,
        ),
      },
    ],
    levels: [{ at: 1, name: 'target' }],
  };
};
