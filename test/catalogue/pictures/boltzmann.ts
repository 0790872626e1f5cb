import { TEACHER, trajectory } from '../behaviours/boltzmann.js';
import { type Draw, over } from './picture.js';

const PAIRS = [
  [0, 1],
  [1, 2],
  [2, 0],
] as const;
const EVERY = 20;

export const picture: Draw = async (rule) => {
  const weights = (await trajectory(rule)).moments('W').filter((_, k) => k % EVERY === 0);
  return {
    title:
      'A machine of three neurons is shown the states of another one: it finds about the weights of that',
    x: { label: 'trials of both phases' },
    y: { label: 'weight' },
    series: PAIRS.map(([i, j]) => ({
      name: `w${'₁₂₃'[i]}${'₁₂₃'[j]}`,
      points: over(
        weights.map((w) => w[i]![j]!),
        EVERY,
        1,
      ),
    })),
    levels: PAIRS.map(([i, j]) => ({ at: TEACHER[i]![j]!, name: '' })),
  };
};
