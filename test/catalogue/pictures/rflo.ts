import { trajectory } from '../behaviours/rflo.js';
import { trajectory as readoutAlone } from '../behaviours/rflo_readout.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule, companion) => {
  const both = await trajectory(rule, companion);
  const alone = await readoutAlone((table) => companion('rflo_readout', table));
  return {
    title: '20 recurrent neurons without input learn to make a sum of three sines',
    x: { label: 'trial' },
    y: { label: 'loss of the trial' },
    series: [
      { name: 'with rflo', points: over(both, 1, 1) },
      { name: 'read-out only', points: over(alone, 1, 1) },
    ],
  };
};
