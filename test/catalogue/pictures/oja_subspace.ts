import { trajectory } from '../behaviours/oja_subspace.js';
import { AXES } from '../behaviours/support/inputs.js';
import { distance, dot, norm, product, transpose } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

const IDENTITY = [
  [1, 0],
  [0, 1],
];

export const picture: Draw = async (rule) => {
  const { weights } = await trajectory(rule);
  /** The share of the weights' length that lies in the plane of the first two components. */
  const inPlane = weights.map((w) =>
    Math.sqrt(
      w.reduce((sum, row) => sum + dot(row, AXES[0]!) ** 2 + dot(row, AXES[1]!) ** 2, 0) /
        w.reduce((sum, row) => sum + norm(row) ** 2, 0),
    ),
  );
  const apart = weights.map((w) => distance(product(w, transpose(w)), IDENTITY));
  return {
    title: 'Two linear neurons, Gaussian inputs with variances 1, 0.7 and 0.1',
    x: { label: 'samples' },
    y: { label: 'share, distance', range: [0, 1.1] },
    series: [
      { name: 'share in the first two PCs', points: over(inPlane, 20) },
      { name: '|W Wᵀ − 1|', points: over(apart, 20) },
    ],
  };
};
