import { window } from '../behaviours/hebbian_stdp_soft.js';
import { at, type Draw } from './picture.js';

export const picture: Draw = async (rule) => {
  const series = [];
  for (const start of [0.1, 0.5, 0.9]) {
    const { lags, changes } = await window(rule, start);
    series.push({ name: `w = ${start}`, mark: 'dots' as const, points: at(lags, changes) });
  }
  return {
    title: 'One pair of spikes: depression is proportional to the weight, potentiation is not',
    x: { label: 'lag (ms)' },
    y: { label: 'change of weight' },
    series,
  };
};
