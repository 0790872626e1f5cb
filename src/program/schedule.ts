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
  // Many trials are one and the same.
  const found = new Map<Trial, readonly Span[]>();
  for (const trial of timeline.trials) {
    let spans = found.get(trial);
    if (!spans) {
      spans = spansWhen(when, trial);
      found.set(trial, spans);
    }
    for (const { from, to } of spans) values.fill(1, start + from, start + to);
    start += trial.steps;
  }
  return values;
}

/** Steps of a trial, from 0; up to (not including) the last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

function spansWhen(when: Exclude<Acting, { kind: 'first' }>, trial: Trial): Span[] {
  const one = (step: number): Span => ({ from: step, to: step + 1 });
  if (when.kind === 'every') {
    const times = Math.floor(trial.steps / when.steps);
    return Array.from({ length: times }, (_, k) => one((k + 1) * when.steps - 1));
  }
  const phases = phasesOf(trial);
  if (when.kind === 'during') {
    return phases.filter(({ name }) => name === when.phase);
  }
  const named = trial.events ?? [];
  return [
    ...phases.flatMap(({ name, from, to }) => {
      if (from === to) return [];
      if (when.event === `${name}.start`) return [one(from)];
      return when.event === `${name}.end` ? [one(to - 1)] : [];
    }),
    ...named.filter(({ name }) => name === when.event).map(({ step }) => one(step)),
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
