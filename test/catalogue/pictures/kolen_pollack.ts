import { angle } from '../behaviours/support/network.js';
import { transpose } from '../behaviours/support/vectors.js';
import { at, type Draw } from './picture.js';
import { course } from './support/networks.js';

/** The angles while the two rules work together; one of them is the rule of the picture. */
export const aligning =
  (other: string, own: 'forward' | 'feedback'): Draw =>
  async (rule, companion) => {
    const beside = (table: Parameters<typeof rule>[0]) => companion(other, table);
    const rules =
      own === 'forward' ? { forward: rule, feedback: beside } : { forward: beside, feedback: rule };
    const values = Object.fromEntries(
      ['kolen_pollack', 'kolen_pollack_feedback'].map((name) => [`${name}.eta`, 0.1]),
    );
    const run = await course('plastic', rules, { steps: 4000, every: 50, values });
    return {
      title:
        'A network of 6-12-8-3 neurons learns a teacher: feedback and forward weights become alike',
      x: { label: 'samples' },
      y: { label: 'angle (degrees)' },
      series: [1, 2, 3].map((l) => {
        const back = [run.start[`B${l}`]!, ...run.done.moments(`B${l}`)];
        const apart = run.weights.map((moment, k) => angle(moment[l - 1]!, transpose(back[k]!)));
        return { name: `W${l}, B${l}`, points: at(run.samples, apart) };
      }),
    };
  };

export const picture = aligning('kolen_pollack_feedback', 'forward');
