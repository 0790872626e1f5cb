import { at, type Draw } from './picture.js';
import { angles, course } from './support/networks.js';

export const picture: Draw = async (rule) => {
  const values = { eta: 0.05 };
  const run = await course('random', { forward: rule }, { steps: 2500, every: 50, values });
  return {
    title:
      'A network of 6-12-8-3 neurons learns a teacher: its forward weights turn towards the fixed feedback',
    x: { label: 'samples' },
    y: { label: 'angle (degrees)' },
    series: [2, 3].map((l) => ({
      name: `W${l}, B${l}`,
      points: at(run.samples, angles(run, l, run.start[`B${l}`]!)),
    })),
    levels: [{ at: 90, name: '90°' }],
  };
};
