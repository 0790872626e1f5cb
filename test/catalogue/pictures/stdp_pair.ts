import { window } from '../behaviours/stdp_pair.js';
import { at, type Draw } from './picture.js';

export const picture: Draw = async (rule) => {
  const { lags, changes } = await window(rule);
  return {
    title:
      'One pair of spikes: change of weight by the lag from the presynaptic to the postsynaptic spike',
    x: { label: 'lag (ms)' },
    y: { label: 'change of weight' },
    series: [{ name: '', mark: 'dots', points: at(lags, changes) }],
  };
};
