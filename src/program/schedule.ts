import type { Timeline, Trial } from './circuit.js';
import type { Program, Scheduled } from './ir.js';

export interface ScheduleOptions {
  /** The episode goes on from an earlier one: what starts once has started. Default: false. */
  readonly continued?: boolean;
}

/** The number of steps of a timeline. */
export function stepsOf({ trials }: Timeline): number {
  return trials.reduce((sum, trial) => sum + trial.steps, 0);
}

/** The step inputs that say when something acts, from how the steps fall into trials. */
export function scheduleInputs(
  program: Pick<Program, 'schedule'>,
  timeline: Timeline,
  options: ScheduleOptions = {},
): Record<string, Float64Array> {
  const steps = stepsOf(timeline);
  const whole = (when: Scheduled['when']): Float64Array => {
    const values = new Float64Array(steps);
    if (when.kind === 'first') {
      if (!options.continued && steps > 0) values[0] = 1;
      return values;
    }
    let start = 0;
    for (const trial of timeline.trials) {
      for (const step of stepsWhen(when, trial)) values[start + step] = 1;
      start += trial.steps;
    }
    return values;
  };
  return Object.fromEntries(program.schedule.map(({ slot, when }) => [slot, whole(when)]));
}

/** Steps of a trial, from 0. */
function stepsWhen(when: Exclude<Scheduled['when'], { kind: 'first' }>, trial: Trial): number[] {
  if (when.kind === 'every') return range(when.steps - 1, trial.steps, when.steps);
  const phases = phasesOf(trial);
  if (when.kind === 'during') {
    return phases
      .filter(({ name }) => name === when.phase)
      .flatMap(({ from, to }) => range(from, to));
  }
  const named = trial.events ?? [];
  return [
    ...phasesOf(trial).flatMap(({ name, from, to }) => {
      if (from === to) return [];
      if (when.event === `${name}.start`) return [from];
      return when.event === `${name}.end` ? [to - 1] : [];
    }),
    ...named.filter(({ name }) => name === when.event).map(({ step }) => step),
  ];
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

function range(from: number, to: number, by = 1): number[] {
  const steps: number[] = [];
  for (let step = from; step < to; step += by) steps.push(step);
  return steps;
}
