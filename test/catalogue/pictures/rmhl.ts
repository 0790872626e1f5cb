import { course } from '../behaviours/rmhl.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => ({
  title:
    'A neuron that tries out answers within ± 0.05 and is told only what they cost: how far it is from the target',
  x: { label: 'steps' },
  y: { label: 'target minus answer' },
  series: [{ name: '', points: over(await course(rule), 10, 10) }],
  levels: [{ at: 0, name: 'target' }],
});
