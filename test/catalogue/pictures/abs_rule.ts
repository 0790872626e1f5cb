import { curve } from '../behaviours/abs_rule.js';
import { at, type Draw } from './picture.js';

/** The activity of the first input there. */
const INPUT = 0.3;
const ACTIVITIES = Array.from({ length: 201 }, (_, k) => k * 0.005);

export const picture: Draw = async (rule) => {
  const changes = await curve(rule, ACTIVITIES);
  return {
    title: 'Change of weight by postsynaptic activity, in units of the presynaptic one',
    x: { label: 'postsynaptic activity' },
    y: { label: 'Δw / x', range: [-0.012, 0.012] },
    series: [
      {
        name: '',
        mark: 'dots',
        points: at(
          ACTIVITIES,
          changes.map(([dw]) => dw! / INPUT),
        ),
      },
    ],
  };
};
