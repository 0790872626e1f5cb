import { trajectory } from '../behaviours/perceptron.js';
import { distance } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

/** Patterns in a sweep. */
const COUNT = 40;

export const picture: Draw = async (rule) => {
  const weights = [[[0, 0, 0, 0]], ...(await trajectory(rule)).moments('W')];
  const mistakes = Array.from(
    { length: (weights.length - 1) / COUNT },
    (_, sweep) =>
      weights
        .slice(sweep * COUNT, (sweep + 1) * COUNT)
        .filter((w, k) => distance(w, weights[sweep * COUNT + k + 1]!) > 0).length,
  );
  return {
    title: '40 separable patterns, shown again and again: mistakes (which are the only changes)',
    x: { label: 'sweep' },
    y: { label: 'mistakes' },
    series: [{ name: '', mark: 'stems', points: over(mistakes, 1, 1) }],
  };
};
