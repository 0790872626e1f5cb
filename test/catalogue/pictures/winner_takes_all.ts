import { minus, norm } from '../behaviours/support/vectors.js';
import { CLUSTERS, trajectory } from '../behaviours/winner_takes_all.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const { weights } = await trajectory(rule);
  const nearest = (w: readonly number[]): number =>
    Math.min(...CLUSTERS.map((center) => norm(minus(w, center))));
  const names = ['neuron 1', 'neuron 2', 'neuron 3', 'never wins'];
  return {
    title:
      'Four neurons, inputs from three noisy clusters: distance of the weights from the nearest mean',
    x: { label: 'samples' },
    y: { label: 'distance' },
    series: names.map((name, i) => ({
      name,
      points: over(
        weights.slice(0, 201).map((w) => nearest(w[i]!)),
        5,
      ),
    })),
  };
};
