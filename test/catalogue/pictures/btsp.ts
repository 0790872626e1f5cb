import { trajectory } from '../behaviours/btsp.js';
import { at, type Draw } from './picture.js';

/** Of the bursts, by when they come after the plateau potential, in ms. */
const LEADS = [-3000, -1500, -600, -300, 0, 100, 200, 500, 1000];

export const picture: Draw = async (rule) => {
  const series = [];
  for (const start of [0, 2, 4]) {
    const after = (await trajectory(rule, start)).end('w')[0]!;
    const changes = after.map((w) => w - start);
    series.push({
      name: `from w = ${start}`,
      points: at(
        LEADS.map((ms) => ms / 1000),
        changes,
      ),
    });
  }
  return {
    title:
      'One burst of a synapse and one plateau potential at 0 s: change of weight by the time of the burst',
    x: { label: 'time of the burst (s)' },
    y: { label: 'change of weight' },
    series,
  };
};
