import { trajectory } from '../behaviours/anti_hebb.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const { weights } = await trajectory(rule);
  const course = weights.filter((_, t) => t % 10 === 0).map(([w]) => w!);
  return {
    title: 'A neuron that also gets 0.8 x₁ − 0.5 x₂ on another way: its weights cancel that',
    x: { label: 'samples' },
    y: { label: 'weight' },
    series: [
      {
        name: 'w₁',
        points: over(
          course.map(([w]) => w!),
          10,
        ),
      },
      {
        name: 'w₂',
        points: over(
          course.map(([, w]) => w!),
          10,
        ),
      },
    ],
    levels: [
      { at: -0.8, name: '−0.8' },
      { at: 0.5, name: '0.5' },
    ],
  };
};
