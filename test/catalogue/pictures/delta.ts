import { START, trajectory, WANTED } from '../behaviours/delta.js';
import { AXES, VARIANCES } from '../behaviours/support/inputs.js';
import { dot, minus } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

const CYCLES = 60;

export const picture: Draw = async (rule) => {
  const steps = (await trajectory(rule, CYCLES)).moments('W').map(([w]) => w!);
  const weights = [START, ...steps.filter((_, t) => t % 3 === 2)];
  return {
    title: 'A linear neuron taught by orthogonal patterns: what is left to learn along each',
    x: { label: 'cycles of three patterns' },
    y: { label: '|(w* − w) · v|', scale: 'log' },
    series: AXES.map((axis, k) => ({
      name: `variance ${VARIANCES[k]}`,
      points: over(weights.map((w) => Math.max(1e-6, Math.abs(dot(minus(WANTED, w), axis))))),
    })),
  };
};
