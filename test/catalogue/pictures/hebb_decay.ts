import { trajectory, VARIANCES } from '../behaviours/hebb_decay.js';
import { AXES } from '../behaviours/support/inputs.js';
import { dot } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const weights = (await trajectory(rule)).weights.map(([w]) => w!);
  return {
    title: 'One linear neuron: directions with a variance above λ/η = 0.1 grow, the others fade',
    x: { label: 'cycles of three patterns' },
    y: { label: 'weight along a direction, relative to its start', scale: 'log' },
    series: AXES.map((axis, k) => ({
      name: `variance ${VARIANCES[k]}`,
      points: over(weights.map((w) => dot(w, axis) / dot(weights[0]!, axis))),
    })),
  };
};
