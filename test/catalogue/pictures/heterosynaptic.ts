import { trajectory } from '../behaviours/heterosynaptic.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const { weights } = await trajectory(rule);
  return {
    title: 'An input that is always 1: growth is held in check, from below and from above',
    x: { label: 'steps', range: [0, 1500] },
    y: { label: 'weight', range: [0, 1.5] },
    series: [0, 1].map((i) => ({
      name: `from ${weights[0]![i]![0]}`,
      points: over(
        weights.slice(0, 151).map((w) => w[i]![0]!),
        10,
      ),
    })),
  };
};
