import { mean } from '../behaviours/support/vectors.js';
import { balancing } from '../behaviours/vogels.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const rates = await balancing(rule);
  return {
    title: 'Spiking neurons whose inhibitory synapses learn: rates, means of four neurons',
    x: { label: 'time (s)' },
    y: { label: 'rate (Hz)' },
    series: [
      {
        name: 'no inhibition at first',
        points: over(
          rates.map((r) => mean(r.slice(0, 4))),
          2,
          1,
        ),
      },
      {
        name: 'silenced at first',
        points: over(
          rates.map((r) => mean(r.slice(4))),
          2,
          1,
        ),
      },
    ],
    levels: [{ at: 5, name: 'target ρ' }],
  };
};
