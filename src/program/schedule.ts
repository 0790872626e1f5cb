import type { Stream } from '../base/random.js';
import type { Timeline, Trial } from './circuit.js';
import type { Program, Scheduled } from './ir.js';

export interface ScheduleOptions {
  /** The episode goes on from an earlier one: what starts once has started. Default: false. */
  readonly continued?: boolean;
  /** What `draw` lines draw from; needed where a rule has one. */
  readonly chance?: Stream;
  /** Steps made before, so that what is drawn goes on where it was. Default: 0. */
  readonly stepsBefore?: number;
}

/** Random words of 32 bits that a number takes (see `Stream`). */
const WORDS = { normal: 4, uniform: 2 } as const;

/** The number of steps of a timeline. */
export function stepsOf({ trials }: Timeline): number {
  return trials.reduce((sum, trial) => sum + trial.steps, 0);
}

/**
 * The step inputs that say when something acts, from how the steps fall into trials; and those that are
 * left to chance. What a `draw` yields depends on its name and step only, not on the rest of the program.
 */
export function scheduleInputs(
  program: Pick<Program, 'schedule' | 'stepInputs'>,
  timeline: Timeline,
  options: ScheduleOptions = {},
): Record<string, Float64Array> {
  const steps = stepsOf(timeline);
  return Object.fromEntries(
    program.schedule.map(({ slot, when }) => {
      if (when.kind !== 'drawn') return [slot, actingSteps(when, timeline, options)];
      const { chance, stepsBefore = 0 } = options;
      if (!chance) throw new RangeError(`${slot} is drawn at random: from what?`);
      const [rows, columns] = program.stepInputs.find(({ name }) => name === slot)!.shape;
      const stream = chance.child(slot);
      const size = rows * columns;
      stream.skip(stepsBefore * size * WORDS[when.distribution]);
      const values = new Float64Array(steps * size);
      if (when.distribution === 'uniform') return [slot, stream.uniforms(values, 0, 1)];
      for (let k = 0; k < values.length; k++) values[k] = stream.normal();
      return [slot, values];
    }),
  );
}

type Acting = Exclude<Scheduled['when'], { kind: 'drawn' }>;

/** 1 in the steps in which something acts, else 0. */
function actingSteps(when: Acting, timeline: Timeline, options: ScheduleOptions): Float64Array {
  const values = new Float64Array(stepsOf(timeline));
  if (when.kind === 'first') {
    if (!options.continued && values.length > 0) values[0] = 1;
    return values;
  }
  let start = 0;
  for (const trial of timeline.trials) {
    actIn(trial, when, values, start);
    start += trial.steps;
  }
  return values;
}

/** Sets the steps of a trial that begins at step `start` in which something acts. */
function actIn(
  trial: Trial,
  when: Exclude<Acting, { kind: 'first' }>,
  values: Float64Array,
  start: number,
): void {
  if (when.kind === 'every') {
    for (let step = when.steps - 1; step < trial.steps; step += when.steps) {
      values[start + step] = 1;
    }
    return;
  }
  for (const { name, from, to } of phasesOf(trial)) {
    if (when.kind === 'during') {
      if (name === when.phase) values.fill(1, start + from, start + to);
    } else if (from < to) {
      if (when.event === `${name}.start`) values[start + from] = 1;
      if (when.event === `${name}.end`) values[start + to - 1] = 1;
    }
  }
  if (when.kind === 'during') return;
  for (const { name, step } of trial.events ?? []) {
    if (name === when.event) values[start + step] = 1;
  }
}

/** The phases of a trial, and the trial itself, as steps from … up to (not including) to. */
function phasesOf({ steps, phases = [] }: Trial): { name: string; from: number; to: number }[] {
  const found = [{ name: 'trial', from: 0, to: steps }];
  let from = 0;
  for (const phase of phases) {
    found.push({ name: phase.name, from, to: from + phase.steps });
    from += phase.steps;
  }
  if (from > steps) throw new RangeError(`phases of ${from} steps in a trial of ${steps}`);
  return found;
}
