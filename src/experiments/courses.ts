import { Stream } from '../base/random.js';
import type { Course } from './following.js';
import { bootstrapCurve } from './intervals.js';

/** A number over the trials of a run: its mean over tasks, with an interval at every point. */
export interface LearningCurve {
  /** For each point the trial (from 1) up to which it tells: alone, or averaged with those before it. */
  readonly trials: readonly number[];
  readonly mean: readonly number[];
  /** Null where there are fewer than two tasks. */
  readonly lo: readonly (number | null)[];
  readonly hi: readonly (number | null)[];
  /** Tasks it is over: those that stayed finite. */
  readonly tasks: number;
}

/** The curves of what was followed on several tasks, by name. What tasks have at different trials has none. */
export function learningCurves(
  tasks: readonly Readonly<Record<string, Course>>[],
  { level, seed, name }: { readonly level: number; readonly seed: number; readonly name: string },
): Record<string, LearningCurve> {
  const names = [...new Set(tasks.flatMap((courses) => Object.keys(courses)))];
  return Object.fromEntries(
    names.flatMap((quantity) => {
      const courses = tasks.flatMap((each) => each[quantity] ?? []);
      const { trials } = courses[0]!;
      if (courses.some((each) => String(each.trials) !== String(trials))) return [];
      const stream = new Stream(seed, 'learning curve', name, quantity);
      const points = bootstrapCurve(
        courses.map(({ values }) => values),
        level,
        stream,
      );
      const curve: LearningCurve = {
        trials,
        mean: points.map(({ mean }) => mean!),
        lo: points.map(({ lo }) => lo),
        hi: points.map(({ hi }) => hi),
        tasks: courses.length,
      };
      return [[quantity, curve] as const];
    }),
  );
}
