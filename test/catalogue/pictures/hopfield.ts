import { trajectory } from '../behaviours/hopfield.js';
import type { Draw } from './picture.js';

const COUNTS = [2, 5, 8, 11, 14, 17, 20, 25, 30];

export const picture: Draw = async (rule, companion) => {
  const other = await trajectory((table) => companion('storkey', table), COUNTS);
  const own = await trajectory(rule, COUNTS);
  return {
    title: '100 neurons: share of the stored patterns that are recalled without a mistake',
    x: { label: 'patterns stored' },
    y: { label: 'share recalled', range: [0, 1] },
    series: [
      { name: 'hopfield', points: own.map(({ count, whole }) => [count, whole]) },
      { name: 'storkey', points: other.map(({ count, whole }) => [count, whole]) },
    ],
  };
};
