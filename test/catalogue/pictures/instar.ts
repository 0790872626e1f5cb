import { CLUSTERS, trajectory } from '../behaviours/instar.js';
import { type Draw, over } from './picture.js';

/** The cluster for which the first neuron is active. */
const CLUSTER = CLUSTERS[0]!;

export const picture: Draw = async (rule) => {
  const { weights } = await trajectory(rule);
  const course = weights.slice(0, 301);
  return {
    title: 'The weights of a neuron that is active for one noisy cluster of inputs go to its mean',
    x: { label: 'samples' },
    y: { label: 'weight' },
    series: CLUSTER.map((_, j) => ({
      name: `w${'₁₂₃'[j]}`,
      points: over(
        course.map((w) => w[0]![j]!),
        2,
      ),
    })),
    levels: CLUSTER.map((mean) => ({ at: mean, name: '' })),
  };
};
