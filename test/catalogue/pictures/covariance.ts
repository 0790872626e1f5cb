import { trajectory } from '../behaviours/covariance.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const [without, shifted] = [await trajectory(rule, [0, 0]), await trajectory(rule, [3, -2])];
  const course = (weights: typeof without.weights, j: number) =>
    over(
      weights.map(([w]) => w![j]!),
      200,
    );
  return {
    title:
      'A neuron that is active with its first input and not with its second; dots: inputs with means of 3 and −2, lines: 0',
    x: { label: 'samples' },
    y: { label: 'weight' },
    series: [
      { name: 'w₁', points: course(without.weights, 0) },
      { name: '', like: 'w₁', mark: 'dots', points: course(shifted.weights, 0) },
      { name: 'w₂', points: course(without.weights, 1) },
      { name: '', like: 'w₂', mark: 'dots', points: course(shifted.weights, 1) },
    ],
  };
};
