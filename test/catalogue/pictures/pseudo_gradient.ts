import { at, type Draw } from './picture.js';
import { course, losses } from './support/networks.js';

export const picture: Draw = async (rule) => {
  const options = { steps: 1500, every: 25, values: { eta: 0.02 } };
  const [random, exact] = [
    await course('random', { forward: rule }, options),
    await course('symmetric', { forward: rule }, options),
  ];
  return {
    title:
      'A network of 6-12-8-3 neurons learns a teacher at the rate 0.02, by random and by symmetric feedback',
    x: { label: 'samples' },
    y: { label: 'cross-entropy of other samples' },
    series: [
      { name: 'random feedback', points: at(random.samples, losses(random)) },
      { name: 'symmetric feedback', points: at(exact.samples, losses(exact)) },
    ],
  };
};
