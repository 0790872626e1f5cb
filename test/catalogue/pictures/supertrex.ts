import { course } from '../behaviours/supertrex.js';
import type { Draw } from './picture.js';

export const picture: Draw = async (rule) => {
  const series = [];
  for (const [cost, name] of [
    [1e-4, 'low cost'],
    [0.005, 'high cost'],
  ] as const) {
    const weights = await course(rule, cost);
    const points = weights.map((w, k) => [10 * (k + 1), w[0]![0]!] as const);
    series.push({ name, points: [[0, 0] as const, ...points] });
  }
  return {
    title:
      'What is taken over from a partner that does the same at low and at high cost: one of the weights',
    x: { label: 'steps' },
    y: { label: 'weight' },
    series,
  };
};
