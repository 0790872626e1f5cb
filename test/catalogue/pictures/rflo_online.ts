import { trajectory as afterTrials } from '../behaviours/rflo.js';
import { trajectory } from '../behaviours/rflo_online.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule, companion) => {
  const online = await trajectory(rule, companion);
  const after = await afterTrials((table) => companion('rflo', table), companion);
  return {
    title:
      '20 recurrent neurons learn to make a sum of three sines: changes in every step, or after each trial',
    x: { label: 'trial' },
    y: { label: 'loss of the trial' },
    series: [
      { name: 'rflo_online', points: over(online, 1, 1) },
      { name: 'rflo', points: over(after, 1, 1) },
    ],
  };
};
