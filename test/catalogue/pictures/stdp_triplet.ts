import { PAIRINGS, pairings } from '../behaviours/stdp_triplet.js';
import type { Draw } from './picture.js';

export const picture: Draw = async (rule) => {
  const { changes } = await pairings(rule);
  const where = (lag: number) =>
    PAIRINGS.map((each, k) => ({ ...each, k })).filter((p) => p.lag === lag);
  return {
    title:
      '60 pairs, 10 ms apart: change of weight by the rate of pairing; dots: slices of visual cortex (Sjöström et al. 2001)',
    x: { label: 'rate of pairing (Hz)', range: [5, 55] },
    y: { label: 'change of weight', range: [-0.6, 0.9] },
    series: [
      { name: 'pre first', points: where(10).map(({ rate, k }) => [rate, changes[k]!]) },
      { name: 'post first', points: where(-10).map(({ rate, k }) => [rate, changes[k]!]) },
      {
        name: 'measured',
        like: 'pre first',
        mark: 'dots',
        points: where(10).map(({ rate, change }) => [rate, change]),
      },
      {
        name: 'measured',
        like: 'post first',
        mark: 'dots',
        points: where(-10).map(({ rate, change }) => [rate, change]),
      },
    ],
  };
};
