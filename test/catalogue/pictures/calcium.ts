import { pairing } from '../behaviours/calcium.js';
import { at, type Draw } from './picture.js';

const LAGS = Array.from({ length: 61 }, (_, k) => 2 * k - 60);

export const picture: Draw = async (rule) => {
  const { weights } = await pairing(rule, LAGS);
  return {
    title:
      'One pair of spikes, w = 0.5: change of weight by the lag from the presynaptic to the postsynaptic spike',
    x: { label: 'lag (ms)' },
    y: { label: 'change of weight' },
    series: [
      {
        name: '',
        mark: 'dots',
        points: at(
          LAGS,
          Array.from(weights, (w) => w - 0.5),
        ),
      },
    ],
  };
};
