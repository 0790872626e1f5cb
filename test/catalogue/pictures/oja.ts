import { trajectory } from '../behaviours/oja.js';
import { AXES } from '../behaviours/support/inputs.js';
import { alignment, norm } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const weights = (await trajectory(rule)).weights.map(([w]) => w!);
  return {
    title: 'One linear neuron, Gaussian inputs with variances 1, 0.4 and 0.1',
    x: { label: 'samples' },
    y: { label: 'length, cosine', range: [0, 1.2] },
    series: [
      { name: '‖w‖', points: over(weights.map(norm), 20) },
      {
        name: '|cos(w, PC1)|',
        points: over(
          weights.map((w) => alignment(w, AXES[0]!)),
          20,
        ),
      },
    ],
    levels: [{ at: 1, name: '' }],
  };
};
