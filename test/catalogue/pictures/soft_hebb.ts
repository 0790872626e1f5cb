import { CLUSTERS, trajectory } from '../behaviours/soft_hebb.js';
import { alignment, norm } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const weights = (await trajectory(rule)).weights.slice(0, 201);
  return {
    title: 'Three competing neurons, inputs from three noisy clusters',
    x: { label: 'samples' },
    y: { label: 'cosine with the own cluster, length', range: [0, 1.2] },
    series: [
      ...CLUSTERS.map((center, i) => ({
        name: `cosine, neuron ${i + 1}`,
        points: over(
          weights.map((w) => alignment(w[i]!, center)),
          5,
        ),
      })),
      {
        name: '‖w‖, neuron 1',
        points: over(
          weights.map((w) => norm(w[0]!)),
          5,
        ),
      },
    ],
  };
};
