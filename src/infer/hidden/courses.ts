import type { Engine, Episode, Runner } from '../../engine/engine.js';
import type { Program } from '../../program/ir.js';
import { type Direction, tangentName, withTangents } from '../../program/with-tangents.js';
import type { Moments } from '../sparse/moments.js';
import { eliminate } from './eliminate.js';
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
   * One a trial: the columns are derivatives of the course by the parameters, then by the numbers of its
   * own start; the target is recorded less computed; the rows are all that was recorded.
   */
  readonly trials: readonly Moments[];
}

export interface CourseOptions {
  /** An observed slot of the program. */
  readonly observed: string;
  /** A state whose start is fitted, for each trial by itself; null: all starts are as given. */
  readonly fittedStart: string | null;
}

/**
 * Courses of an observed slot and their derivatives by all parameters of a program, which are carried
 * forward: memory does not grow with the length of a trial, as that of the way back does. A point is a
 * value for each parameter and, where starts are fitted, what is added to the start of each trial.
 */
export class Courses {
  /** Parameters. */
  readonly size: number;
  /** Numbers of the start that every trial has of its own. */
  readonly own: number;
  private readonly runner: Runner;
  private readonly trials: readonly Trial[];
  private readonly slots: readonly string[];
  private readonly started: string | null;

  private constructor(
    runner: Runner,
    slots: readonly string[],
    trials: readonly Trial[],
    { size, own, started }: { size: number; own: number; started: string | null },
  ) {
    this.runner = runner;
    this.slots = slots;
    this.trials = trials;
    this.size = size;
    this.own = own;
    this.started = started;
  }

  /** Trials have equal numbers of steps. */
  static async prepare(
    program: Program,
    { observed, fittedStart }: CourseOptions,
    trials: readonly Trial[],
    engine: Engine,
  ): Promise<Courses> {
    const { parameters } = program;
    const state = program.states.find(({ name }) => name === fittedStart);
    const own = state ? state.shape[0] * state.shape[1] : 0;
    const directions: Direction[] = parameters.map((name) => ({ name, parameter: name }));
    const starts = Array.from({ length: own }, (_, k) => `start ${k}`);
    directions.push(...starts.map((name) => ({ name, parameter: null })));
    const carried = withTangents(program, directions);
    const nothing = Object.fromEntries(
      carried.states.map(({ name, shape }) => [name, new Float64Array(shape[0] * shape[1])]),
    );
    starts.forEach((name, k) => {
      const unit = new Float64Array(own);
      unit[k] = 1;
      nothing[tangentName(state!.name, name)] = unit;
    });
    const runner = await engine.prepare(carried);
    return new Courses(
      runner,
      [observed, ...directions.map(({ name }) => tangentName(observed, name))],
      trials.map(({ episode, recorded }) => ({
        episode: { ...episode, start: { ...nothing, ...episode.start } },
        recorded,
      })),
      { size: parameters.length, own, started: state?.name ?? null },
    );
  }

  /** Where no parameter has a value and every trial starts as given. */
  origin(): Float64Array {
    return new Float64Array(this.size + this.own * this.trials.length);
  }

  /** Of the first `part` of every trial. Null where numbers stop being finite there. */
  async at(point: Float64Array, part = 1): Promise<Residuals | null> {
    const results = await this.run(point, this.slots, part);
    if (!results) return null;
    const trials = results.map(([course, ...tangents], k) =>
      momentsOfTrial(this.trials[k]!.recorded.subarray(0, course!.length), course!, tangents),
    );
    const areFinite = trials.every(
      ({ power, gram }) => Number.isFinite(power) && gram.every(Number.isFinite),
    );
    return areFinite ? { trials } : null;
  }

  /**
   * The derivatives of every trial's course by some parameters (less what its own start would do as
   * well), next to what the course at `nothing` leaves of what was recorded. Null where numbers stop
   * being finite.
   */
  async rows(
    point: Float64Array,
    nothing: Float64Array,
    support: readonly number[],
  ): Promise<TrialRows[] | null> {
    const there = await this.run(point, this.slots, 1);
    const plain = await this.run(nothing, this.slots.slice(0, 1), 1);
    if (!there || !plain) return null;
    return this.trials.map(({ recorded }, k) => {
      const [course, ...tangents] = there[k]!;
      const known = recorded.map((value) => (Number.isNaN(value) ? 0 : 1));
      const { shares } = eliminate(momentsOfTrial(recorded, course!, tangents), this.size);
      const columns = support.map((column) => {
        const left = tangents[column]!.slice();
        for (const [own, share] of shares(column).entries()) {
          const by = tangents[this.size + own]!;
          for (let at = 0; at < left.length; at++) left[at]! -= share * by[at]!;
        }
        return left.map((value, at) => value * known[at]!);
      });
      const left = recorded.map((value, at) => (known[at] ? value - plain[k]![0]![at]! : 0));
      return { columns, left };
    });
  }

  dispose(): void {
    this.runner.dispose();
  }

  /** Records of these slots, one list a trial. */
  private async run(
    point: Float64Array,
    slots: readonly string[],
    part: number,
  ): Promise<Float64Array[][] | null> {
    const episodes = this.trials.map(({ episode }, k) =>
      begun(this.started === null ? episode : this.startedAt(episode, point, k), part),
    );
    const results = await this.runner.run(episodes, point.subarray(0, this.size), {
      gradient: false,
      record: { slots, every: 1 },
    });
    if (results.some(({ divergence }) => divergence !== null)) return null;
    return results.map(({ record }) => slots.map((slot) => record![slot]!));
  }

  private startedAt(episode: Episode, point: Float64Array, trial: number): Episode {
    const from = this.size + trial * this.own;
    const given = episode.start[this.started!]!;
    const start = given.map((value, k) => value + point[from + k]!);
    return { ...episode, start: { ...episode.start, [this.started!]: start } };
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
