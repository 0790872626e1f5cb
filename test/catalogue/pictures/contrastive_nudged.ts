import { trajectory } from '../behaviours/contrastive_nudged.js';
import { distance } from '../behaviours/support/vectors.js';
import type { Draw } from './picture.js';

const STRENGTHS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

export const picture: Draw = async (rule) => {
  const points: [number, number][] = [];
  for (const gamma of STRENGTHS) {
    const { found, exact } = await trajectory(rule, gamma);
    points.push([gamma, distance([found], [exact]) / Math.max(...exact.map(Math.abs))]);
  }
  return {
    title:
      'How far a change is from the gradient of the squared error at rest: less, the weaker the teacher',
    x: { label: 'strength of the teacher γ', scale: 'log' },
    y: { label: 'relative distance from the gradient', scale: 'log' },
    series: [
      { name: '', points },
      { name: '', mark: 'dots', like: '', points },
    ],
  };
};
