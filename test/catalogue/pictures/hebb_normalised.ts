import { trajectory } from '../behaviours/hebb_normalised.js';
import { AXES } from '../behaviours/support/inputs.js';
import { alignment, total } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const weights = (await trajectory(rule)).weights.map(([w]) => w!);
  return {
    title: 'One linear neuron, orthogonal patterns in turn with variances 1, 0.4 and 0.1',
    x: { label: 'cycles of three patterns' },
    y: { label: 'sum, cosine', range: [0, 1.2] },
    series: [
      { name: 'Σ|w|', points: over(weights.map((w) => total(w.map(Math.abs)))) },
      { name: '|cos(w, PC1)|', points: over(weights.map((w) => alignment(w, AXES[0]!))) },
    ],
  };
};
