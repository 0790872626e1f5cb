import { trajectory } from '../behaviours/rflo_readout.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => ({
  title: 'The read-out of three networks, which do not learn, learns a sum of three sines',
  x: { label: 'trial' },
  y: { label: 'loss of the trial' },
  series: await Promise.all(
    [1, 2, 3].map(async (seed) => ({
      name: `network ${seed}`,
      points: over(await trajectory(rule, seed), 1, 1),
    })),
  ),
});
