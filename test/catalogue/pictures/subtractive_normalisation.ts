import { trajectory } from '../behaviours/subtractive_normalisation.js';
import { total } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const weights = (await trajectory(rule)).weights.map(([w]) => w!);
  return {
    title: 'Gaussian inputs: weights compete while their sum stays as it was',
    x: { label: 'samples' },
    y: { label: 'weight' },
    series: [
      { name: 'sum', points: over(weights.map(total)) },
      ...[0, 1, 2].map((j) => ({
        name: `w${'₁₂₃'[j]}`,
        points: over(weights.map((w) => w[j]!)),
      })),
    ],
  };
};
