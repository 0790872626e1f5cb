import { at, type Draw } from './picture.js';
import { course, losses } from './support/networks.js';

export const picture: Draw = async (rule) => {
  const options = { steps: 4000, every: 50, values: { eta: 0.02 } };
  const [direct, exact] = [
    await course('direct', { forward: rule }, options),
    await course('symmetric', { forward: rule }, options),
  ];
  return {
    title:
      'A network of 6-12-8-3 neurons learns a teacher, beside the same rule with symmetric feedback',
    x: { label: 'samples' },
    y: { label: 'cross-entropy of other samples' },
    series: [
      { name: 'direct feedback', points: at(direct.samples, losses(direct)) },
      { name: 'backpropagation', points: at(exact.samples, losses(exact)) },
    ],
  };
};
