import type { Engine, Episode, Runner } from '../../engine/engine.js';
import type { Program } from '../../program/ir.js';
import { tangentName, withTangents } from '../../program/with-tangents.js';
import type { Moments } from '../sparse/moments.js';
import type { TrialRows } from './trial-test.js';

/** An episode with what was recorded of it. */
export interface Trial {
  readonly episode: Episode;
  /** `steps × neurons`, the values of an observed slot; NaN where nothing was recorded. */
  readonly recorded: Float64Array;
}

/** How courses leave what was recorded, at given values of the parameters. */
export interface Residuals {
  /**
   * One a trial: the columns are derivatives of the course by the parameters, the target is recorded
   * less computed, the rows are all that was recorded.
   */
  readonly trials: readonly Moments[];
}

/**
 * Courses of an observed slot and their derivatives by all parameters of a program, which are carried
 * forward: memory does not grow with the length of a trial, as that of the way back does.
 */
export class Courses {
  readonly size: number;
  private readonly runner: Runner;
  private readonly trials: readonly Trial[];
  private readonly slots: readonly string[];

  private constructor(runner: Runner, slots: readonly string[], trials: readonly Trial[]) {
    this.runner = runner;
    this.slots = slots;
    this.size = slots.length - 1;
    this.trials = trials;
  }

  /** `observed` is a slot of the program; trials have equal numbers of steps. */
  static async prepare(
    program: Program,
    observed: string,
    trials: readonly Trial[],
    engine: Engine,
  ): Promise<Courses> {
    const { parameters } = program;
    const directions = parameters.map((name) => ({ name, parameter: name }));
    const carried = withTangents(program, directions);
    const nothing = Object.fromEntries(
      carried.states.map(({ name, shape }) => [name, new Float64Array(shape[0] * shape[1])]),
    );
    const runner = await engine.prepare(carried);
    return new Courses(
      runner,
      [observed, ...parameters.map((name) => tangentName(observed, name))],
      trials.map(({ episode, recorded }) => ({
        episode: { ...episode, start: { ...nothing, ...episode.start } },
        recorded,
      })),
    );
  }

  /** Of the first `part` of every trial. Null where numbers stop being finite there. */
  async at(values: Float64Array, part = 1): Promise<Residuals | null> {
    const options = { gradient: false, record: { slots: this.slots, every: 1 } } as const;
    const episodes = this.trials.map(({ episode }) => begun(episode, part));
    const results = await this.runner.run(episodes, values, options);
    if (results.some(({ divergence }) => divergence !== null)) return null;
    const trials = results.map(({ record }, k) => {
      const [course, ...tangents] = this.slots.map((slot) => record![slot]!);
      return momentsOfTrial(
        this.trials[k]!.recorded.subarray(0, course!.length),
        course!,
        tangents,
      );
    });
    const areFinite = trials.every(
      ({ power, gram }) => Number.isFinite(power) && gram.every(Number.isFinite),
    );
    return areFinite ? { trials } : null;
  }

  /**
   * The derivatives of every trial's course by some parameters, next to what the course at 0 leaves of
   * what was recorded. Null where numbers stop being finite.
   */
  async rows(values: Float64Array, support: readonly number[]): Promise<TrialRows[] | null> {
    const episodes = this.trials.map(({ episode }) => episode);
    const run = (at: Float64Array, slots: readonly string[]) =>
      this.runner.run(episodes, at, { gradient: false, record: { slots, every: 1 } });
    const [course, ...tangents] = this.slots;
    const chosen = support.map((k) => tangents[k]!);
    const there = await run(values, chosen);
    const nothing = await run(new Float64Array(this.size), [course!]);
    if ([...there, ...nothing].some(({ divergence }) => divergence !== null)) return null;
    return this.trials.map(({ recorded }, k) => {
      const isMissing = (at: number): boolean => Number.isNaN(recorded[at]!);
      const plain = nothing[k]!.record![course!]!;
      return {
        columns: chosen.map((slot) =>
          there[k]!.record![slot]!.map((value, at) => (isMissing(at) ? 0 : value)),
        ),
        left: recorded.map((value, at) => (isMissing(at) ? 0 : value - plain[at]!)),
      };
    });
  }

  dispose(): void {
    this.runner.dispose();
  }
}

/** The first part of an episode. */
function begun(episode: Episode, part: number): Episode {
  const steps = Math.max(1, Math.round(part * episode.steps));
  if (steps === episode.steps) return episode;
  const stepInputs = Object.fromEntries(
    Object.entries(episode.stepInputs).map(([name, values]) => [
      name,
      values.subarray(0, (values.length / episode.steps) * steps),
    ]),
  );
  return { ...episode, steps, stepInputs };
}

function momentsOfTrial(
  recorded: Float64Array,
  course: Float64Array,
  tangents: readonly Float64Array[],
): Moments {
  const size = tangents.length;
  const gram = new Float64Array(size * size);
  const cross = new Float64Array(size);
  const row = new Float64Array(size);
  let [n, power] = [0, 0];
  for (let at = 0; at < recorded.length; at++) {
    if (Number.isNaN(recorded[at]!)) continue;
    const residual = recorded[at]! - course[at]!;
    n += 1;
    power += residual * residual;
    for (let a = 0; a < size; a++) row[a] = tangents[a]![at]!;
    for (let a = 0; a < size; a++) {
      const x = row[a]!;
      if (x === 0) continue;
      cross[a]! += x * residual;
      for (let b = 0; b <= a; b++) gram[a * size + b]! += x * row[b]!;
    }
  }
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) gram[b * size + a] = gram[a * size + b]!;
  }
  return { n, gram, cross, power };
}
