import { rehearsing } from '../behaviours/psd.js';
import { mean } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const { spikes } = await rehearsing(rule);
  return {
    title:
      'Four spiking neurons, 20 inputs that spike once a trial: each neuron comes to fire once a trial',
    x: { label: 'trial' },
    y: { label: 'spikes a trial, mean of four neurons' },
    series: [
      {
        name: 'spikes',
        points: over(
          spikes.map((counts) => mean(counts)),
          1,
          1,
        ),
      },
    ],
    levels: [{ at: 1, name: 'goal' }],
  };
};
