import { trajectory } from '../behaviours/hebb.js';
import { AXES } from '../behaviours/support/inputs.js';
import { alignment, norm } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const weights = (await trajectory(rule)).weights.map(([w]) => w!);
  return {
    title: 'One linear neuron, Gaussian inputs: growth without end, towards the first component',
    x: { label: 'samples' },
    y: { label: 'length, cosine', scale: 'log' },
    series: [
      { name: '‖w‖', points: over(weights.map(norm), 50) },
      {
        name: '|cos(w, PC1)|',
        points: over(
          weights.map((w) => alignment(w, AXES[0]!)),
          50,
        ),
      },
    ],
  };
};
