import { course } from '../behaviours/force.js';
import { dot } from '../behaviours/support/vectors.js';
import type { Draw } from './picture.js';

export const picture: Draw = async (rule) => {
  const { done, inputs, targets } = await course(rule, 600);
  const weights = done.moments('W');
  const errorOf = (w: readonly (readonly number[])[]): number =>
    inputs.reduce(
      (sum, x, t) => sum + w.reduce((all, row, m) => all + (dot(row, x) - targets[t]![m]!) ** 2, 0),
      0,
    ) / inputs.length;
  return {
    title:
      'Two outputs that should answer random patterns at random: squared error over all patterns, learned from or not',
    x: { label: 'steps' },
    y: { label: 'mean squared error' },
    series: [{ name: '', points: weights.map((w, k) => [10 * (k + 1), errorOf(w)] as const) }],
  };
};
