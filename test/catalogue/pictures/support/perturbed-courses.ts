import { learns } from '../../behaviours/support/perturbing.js';
import { type Draw, over } from '../picture.js';

/** The error of outputs that learn by this perturbation: three courses. */
export const perturbedCourses =
  (perturbation: Parameters<typeof learns>[1]): Draw =>
  async (rule) => {
    const seeds = [1, 2, 3];
    const courses = await Promise.all(
      seeds.map((seed) => learns(rule, perturbation, { trials: 60, seed })),
    );
    return {
      title:
        'Two linear outputs of which four weights are used in a trial, other ones every time: the error, in three courses',
      x: { label: 'trials' },
      y: { label: 'error', scale: 'log' },
      series: courses.map(({ errors }, k) => ({
        name: k === 0 ? 'error' : `error ${k + 1}`,
        ...(k > 0 && { like: 'error' }),
        points: over(errors),
      })),
    };
  };
