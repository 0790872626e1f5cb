import { trajectory } from '../behaviours/eprop.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => ({
  title:
    'Networks of 30 spiking neurons, ten of which adapt, and a fixed read-out learn to make a slow wave from fixed spikes',
  x: { label: 'trial' },
  y: { label: 'loss of the trial' },
  series: await Promise.all(
    [1, 2, 3].map(async (seed) => ({
      name: `network ${seed}`,
      points: over(await trajectory(rule, 'symmetric', seed), 1, 1),
    })),
  ),
});
