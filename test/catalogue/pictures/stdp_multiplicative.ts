import { window } from '../behaviours/stdp_multiplicative.js';
import { at, type Draw } from './picture.js';

export const picture: Draw = async (rule) => {
  const series = [];
  for (const start of [0.1, 0.5, 0.9]) {
    const { lags, changes } = await window(rule, start);
    series.push({ name: `w = ${start}`, mark: 'dots' as const, points: at(lags, changes) });
  }
  return {
    title: 'One pair of spikes: the window depends on the weight there is',
    x: { label: 'lag (ms)' },
    y: { label: 'change of weight' },
    series,
  };
};
