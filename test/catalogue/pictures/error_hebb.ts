import { at, type Draw } from './picture.js';
import { angles, course } from './support/networks.js';

export const picture: Draw = async (rule) => {
  const run = await course('random', { forward: rule }, { steps: 300, every: 10 });
  return {
    title:
      'Errors only: the forward weights of a network of 6-12-8-3 neurons turn towards the fixed feedback',
    x: { label: 'samples' },
    y: { label: 'angle (degrees)' },
    series: [1, 2, 3].map((l) => ({
      name: `W${l}, B${l}`,
      points: at(run.samples, angles(run, l, run.start[`B${l}`]!)),
    })),
    levels: [{ at: 90, name: '90°' }],
  };
};
