import { scaling } from '../behaviours/homeostatic_scaling.js';
import { mean } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const { rates } = await scaling(rule);
  return {
    title:
      'Spiking neurons with too weak or too strong synapses (means of three): rates go to the goal',
    x: { label: 'time (s)' },
    y: { label: 'rate (Hz)' },
    series: [
      {
        name: 'too weak at first',
        points: over(
          rates.map((r) => mean(r.slice(0, 3))),
          10,
          5,
        ),
      },
      {
        name: 'too strong at first',
        points: over(
          rates.map((r) => mean(r.slice(3))),
          10,
          5,
        ),
      },
    ],
    levels: [{ at: 5, name: 'goal' }],
  };
};
