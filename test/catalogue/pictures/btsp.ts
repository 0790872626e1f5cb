import { LEADS, trajectory } from '../behaviours/btsp.js';
import { at, type Draw } from './picture.js';

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
