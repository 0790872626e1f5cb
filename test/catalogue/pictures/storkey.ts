import { trajectory } from '../behaviours/storkey.js';
import type { Draw } from './picture.js';

const COUNTS = [5, 10, 15, 20, 25, 30, 40, 50, 60];

export const picture: Draw = async (rule, companion) => {
  const other = await trajectory((table) => companion('hopfield', table), COUNTS);
  const own = await trajectory(rule, COUNTS);
  return {
    title: '100 neurons: share of the stored patterns that are recalled without a mistake',
    x: { label: 'patterns stored' },
    y: { label: 'share recalled', range: [0, 1] },
    series: [
      { name: 'storkey', points: own.map(({ count, whole }) => [count, whole]) },
      { name: 'hopfield', points: other.map(({ count, whole }) => [count, whole]) },
    ],
  };
};
