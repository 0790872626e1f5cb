import { TIMINGS, trajectory } from '../behaviours/reward_stdp.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const weights = (await trajectory(rule)).moments('w').filter((_, t) => t % 5 === 0);
  return {
    title:
      'One pair of spikes at 100 ms, reward at 200 ms, punishment at 500 ms, reward at 1,100 ms; by the lag from pre to post',
    x: { label: 'time (ms)' },
    y: { label: 'change of weight (10⁻⁶)' },
    series: TIMINGS.map((timing, j) => ({
      name: `${timing} ms`.replace('-', '−'),
      points: over(
        weights.map(([w]) => w![j]! * 1e6),
        5,
      ),
    })),
  };
};
