import { potentiation } from '../behaviours/stdp_nearest.js';
import { at, type Draw } from './picture.js';

export const picture: Draw = async (rule, companion) => {
  const nearest = await potentiation(rule);
  const all = await potentiation((table) => companion('stdp_pair', table));
  return {
    title:
      'Random spikes: potentiation by each postsynaptic spike saturates with the presynaptic rate',
    x: { label: 'presynaptic rate (Hz)' },
    y: { label: 'potentiation per postsynaptic spike' },
    series: [
      { name: 'stdp_nearest', points: at(nearest.rates, nearest.perSpike) },
      { name: 'stdp_pair', points: at(all.rates, all.perSpike) },
    ],
    levels: [{ at: nearest.plus, name: 'A₊' }],
  };
};
