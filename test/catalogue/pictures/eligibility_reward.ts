import { DELAYS, trajectory } from '../behaviours/eligibility_reward.js';
import type { Draw } from './picture.js';

export const picture: Draw = async (rule) => {
  const done = await trajectory(rule);
  const w = done.end('w')[0]!;
  const unit = done.value('eta') * 3 * 2;
  return {
    title: 'Credit of a coincidence by the steps until the reward; the one at −2 came after it',
    x: { label: 'steps from the coincidence to the reward' },
    y: { label: 'Δw / (η R post pre)', range: [0, 1] },
    series: [
      {
        name: '',
        mark: 'stems',
        points: [...DELAYS, -2].map((delay, j) => [delay, w[j]! / (unit * (0.5 + j))] as const),
      },
    ],
  };
};
