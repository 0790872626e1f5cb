import { trajectory } from '../behaviours/outstar.js';
import { type Draw, over } from './picture.js';

const NAMES = ['always active', 'never', 'in 1 of 3'];

export const picture: Draw = async (rule) => {
  const { weights } = await trajectory(rule);
  return {
    title: 'Weights from one input onto neurons that are active in a share of the times it is',
    x: { label: 'steps' },
    y: { label: 'weight', range: [0, 1] },
    series: NAMES.map((name, i) => ({ name, points: over(weights.map((w) => w[i]![0]!)) })),
    levels: [{ at: 1 / 3, name: '1/3' }],
  };
};
