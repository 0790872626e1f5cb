import { trajectory } from '../behaviours/predictive_coding.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const series = [];
  for (const [inference, name] of [
    ['strict', 'strict'],
    ['fixed', 'fixed predictions'],
    ['exact', 'backpropagation'],
  ] as const) {
    series.push({ name, points: over(await trajectory(rule, inference, 1), 1, 1) });
  }
  return {
    title: 'A network with six hidden neurons learns exclusive or by three kinds of inference',
    x: { label: 'epoch of four samples' },
    y: { label: 'cost of the four patterns' },
    series,
  };
};
