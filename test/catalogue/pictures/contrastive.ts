import { trajectory } from '../behaviours/contrastive.js';
import { total } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const series = [];
  for (const seed of [1, 2, 3]) {
    const errors = await trajectory(rule, seed);
    const epochs = errors
      .filter((_, k) => k % 4 === 0)
      .map((_, k) => total(errors.slice(4 * k, 4 * k + 4)));
    series.push({ name: `network ${seed}`, points: over(epochs, 1, 1) });
  }
  return {
    title: 'Three relaxing networks with four hidden neurons are taught the exclusive or',
    x: { label: 'epoch of four samples' },
    y: { label: 'error without a teacher, Σ ½ (s − target)²' },
    series,
  };
};
