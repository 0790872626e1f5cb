import { trajectory } from '../behaviours/hebb_unit_length.js';
import { AXES } from '../behaviours/support/inputs.js';
import { alignment, norm } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const weights = (await trajectory(rule)).weights.map(([w]) => w!);
  return {
    title: 'One linear neuron, orthogonal patterns in turn with variances 1, 0.4 and 0.1',
    x: { label: 'cycles of three patterns' },
    y: { label: 'length, cosine', range: [0, 1.2] },
    series: [
      { name: '‖w‖', points: over(weights.map(norm)) },
      { name: '|cos(w, PC1)|', points: over(weights.map((w) => alignment(w, AXES[0]!))) },
    ],
  };
};
