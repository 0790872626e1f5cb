import type { Engine, Episode, Runner } from '../../engine/engine.js';
import type { Program } from '../../program/ir.js';
import { type Direction, tangentName, withTangents } from '../../program/with-tangents.js';
import { combineMoments, type Moments } from '../sparse/moments.js';
import { eliminate } from './eliminate.js';
import { type Measure, SQUARES } from './measure.js';
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
   * One a trial: the columns are derivatives of the course by the parameters (and what is added to all
   * starts), then by the numbers of its own start; the target is recorded less computed; the rows are all
   * that was recorded.
   */
  readonly trials: readonly Moments[];
}

export interface CourseOptions {
  /** An observed slot of the program. */
  readonly observed: string;
  /** So many of the program's parameters, the first ones, are coefficients that may be chosen or not. */
  readonly terms: number;
  /** States whose starts are fitted; none: all starts are as given. */
  readonly fittedStarts: readonly string[];
  /** What is added to these starts. Default: to those of each trial its own, whatever it be. */
  readonly start?: StartModel;
  /** How courses are compared with what was recorded. Default: squares of what is left. */
  readonly measure?: Measure;
  /** Of parameters: outside, nothing is computed. */
  readonly ranges?: ReadonlyMap<string, readonly [low: number, high: number]>;
}

/**
 * What is added to the starts: `own`, to those of each trial its own; `around`, to each its own around a
 * common one, from normal distributions with these standard deviations, by state (see `spreadBy`).
 */
export type StartModel =
  | { readonly kind: 'own' }
  | { readonly kind: 'around'; readonly spread: Readonly<Record<string, number>> };

/** Where the parts of a point are, and what they mean. */
interface Layout {
  readonly terms: number;
  readonly size: number;
  readonly own: number;
  readonly isCommon: boolean;
  /** Parameters where they begin. */
  readonly initial: Float64Array;
  /** States whose starts are fitted: which of the fitted numbers are theirs. */
  readonly started: readonly { readonly state: string; readonly from: number }[];
  /** One for each fitted number of a start: the standard deviation of what trials have of their own. */
  readonly spread: Float64Array;
  /** The same of what they have in common, where its size is known. */
  readonly commonSpread: Float64Array;
  /** One a parameter. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
  readonly measure: Measure;
}

/** How many times as large as what trials have of their own what is common to them may be. */
const COMMON = 3;

const OWN: StartModel = { kind: 'own' };
const ANY = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/**
 * Courses of an observed slot and their derivatives by all parameters of a program, which are carried
 * forward: memory does not grow with the length of a trial, as that of the way back does. A point is a
 * value for each parameter and, where starts are fitted, what is added to the starts of all trials, or to
 * those of each.
 */
export class Courses {
  /** Coefficients that may be chosen or not, at the beginning of a point. */
  readonly terms: number;
  /** These, the other parameters, and what is added to the starts of all trials. */
  readonly size: number;
  /** Numbers of the start that every trial has of its own. */
  readonly own: number;
  /** What is fitted whatever is chosen: the numbers between the coefficients and the trials' own. */
  readonly always: readonly number[];
  private readonly runner: Runner;
  private readonly trials: readonly Trial[];
  private readonly slots: readonly string[];
  private readonly layout: Layout;

  private constructor(
    runner: Runner,
    slots: readonly string[],
    trials: readonly Trial[],
    layout: Layout,
  ) {
    this.runner = runner;
    this.slots = slots;
    this.trials = trials;
    this.layout = layout;
    this.terms = layout.terms;
    this.size = layout.size;
    this.own = layout.own;
    this.always = Array.from({ length: this.size - this.terms }, (_, k) => this.terms + k);
  }

  /** Trials have equal numbers of steps. */
  static async prepare(
    program: Program,
    options: CourseOptions,
    trials: readonly Trial[],
    engine: Engine,
  ): Promise<Courses> {
    const { observed, terms, fittedStarts, start = OWN, measure = SQUARES, ranges } = options;
    const { parameters } = program;
    const directions: Direction[] = parameters.map((name) => ({ name, parameter: name }));
    const units: Record<string, Float64Array> = {};
    const started: { state: string; from: number }[] = [];
    const spread: number[] = [];
    let fitted = 0;
    for (const { name: state, shape } of program.states) {
      if (!fittedStarts.includes(state)) continue;
      started.push({ state, from: fitted });
      for (let k = 0; k < shape[0] * shape[1]; k++) {
        const name = `start ${fitted}`;
        directions.push({ name, parameter: null });
        const unit = new Float64Array(shape[0] * shape[1]);
        unit[k] = 1;
        units[tangentName(state, name)] = unit;
        spread.push(start.kind === 'around' ? start.spread[state]! : Number.POSITIVE_INFINITY);
        fitted += 1;
      }
    }
    const carried = withTangents(program, directions);
    const nothing = Object.fromEntries(
      carried.states.map(({ name, shape }) => [
        name,
        units[name] ?? new Float64Array(shape[0] * shape[1]),
      ]),
    );
    const runner = await engine.prepare(carried);
    return new Courses(
      runner,
      [observed, ...directions.map(({ name }) => tangentName(observed, name))],
      trials.map(({ episode, recorded }) => ({
        episode: { ...episode, start: { ...nothing, ...episode.start } },
        recorded,
      })),
      {
        terms,
        size: parameters.length + (start.kind === 'own' ? 0 : fitted),
        isCommon: start.kind !== 'own',
        own: fitted,
        spread: Float64Array.from(spread),
        commonSpread: Float64Array.from(
          start.kind === 'around' ? spread : [],
          (each) => COMMON * each,
        ),
        initial: Float64Array.from(parameters, (name) => Number(program.initial[name] ?? 0)),
        started,
        ranges: parameters.map((name) => ranges?.get(name) ?? ANY),
        measure,
      },
    );
  }

  /** Where parameters have the values that they begin with, and every trial starts as given. */
  origin(): Float64Array {
    const point = new Float64Array(this.size + this.own * this.trials.length);
    point.set(this.layout.initial);
    return point;
  }

  /** The same for some of the trials only; what prepared the whole is shared. */
  only(trials: readonly number[]): Courses {
    const some = trials.map((k) => this.trials[k]!);
    return new Courses(this.runner, this.slots, some, this.layout);
  }

  /** The same with so many times as large differences between the starts of trials; 0: none. */
  spreadBy(factor: number): Courses {
    const spread = this.layout.spread.map((each) => each * factor);
    const own = factor > 0 ? spread.length : 0;
    return new Courses(this.runner, this.slots, this.trials, { ...this.layout, own, spread });
  }

  /**
   * What belongs to the cost at an optimum where the trials' own numbers are known by their spread only:
   * minus twice the logarithm of the probability of what was recorded, whatever these numbers are, to
   * second order (Laplace), is the cost and this. 0 where nothing is known of them.
   */
  evidence({ trials }: Pick<Residuals, 'trials'>): number {
    const { spread } = this.layout;
    if (this.own === 0 || !spread.every(Number.isFinite)) return 0;
    const prior = spread.reduce((sum, each) => sum + 2 * Math.log(each), 0);
    return trials.reduce((sum, { gram, cross }) => {
      const size = cross.length;
      const block = Array.from({ length: this.own }, (_, a) =>
        Float64Array.from(
          { length: this.own },
          (_each, b) => gram[(this.size + a) * size + this.size + b]!,
        ),
      );
      return sum + prior + logDeterminant(block);
    }, 0);
  }

  /** Of the first `part` of every trial. Null where numbers stop being finite there. */
  async at(point: Float64Array, part = 1): Promise<Residuals | null> {
    const results = await this.run(point, this.slots, part);
    if (!results) return null;
    const trials = results.map(([course, ...tangents], k) => {
      const recorded = this.trials[k]!.recorded.subarray(0, course!.length);
      const columns = this.columnsOf(tangents);
      return this.stiffened(this.layout.measure.moments(recorded, course!, columns), point, k);
    });
    const areFinite = trials.every(
      ({ power, gram }) => Number.isFinite(power) && gram.every(Number.isFinite),
    );
    return areFinite ? { trials } : null;
  }

  /**
   * The derivatives of every trial's course by some coefficients (less what starts and the other
   * parameters would do as well), next to what the course at `nothing` leaves of what was recorded. Null
   * where numbers stop being finite.
   */
  async rows(
    point: Float64Array,
    nothing: Float64Array,
    support: readonly number[],
  ): Promise<TrialRows[] | null> {
    const there = await this.run(point, this.slots, 1);
    const plain = await this.run(nothing, this.slots.slice(0, 1), 1);
    if (!there || !plain) return null;
    const { measure } = this.layout;
    const columnsOf = there.map(([, ...tangents]) => this.columnsOf(tangents));
    const parts = this.trials.map(({ recorded }, k) => {
      const moments = measure.moments(recorded, there[k]![0]!, columnsOf[k]!);
      return eliminate(this.stiffened(moments, point, k), this.size);
    });
    const common = eliminate(combineMoments(parts.map(({ moments }) => moments)), this.terms);
    return this.trials.map(({ recorded }, k) => {
      const starts = columnsOf[k]!.slice(this.size);
      const ofTrial = (column: number): Float64Array =>
        less(columnsOf[k]![column]!, parts[k]!.shares(column), starts);
      const others = this.always.map(ofTrial);
      const columns = support.map((column) =>
        less(ofTrial(column), common.shares(column), others).map((value, at) =>
          Number.isNaN(recorded[at]!) ? 0 : value,
        ),
      );
      return { columns, left: measure.left(recorded, plain[k]![0]!) };
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
    const { ranges } = this.layout;
    const isOutside = ranges.some(([low, high], k) => point[k]! < low || point[k]! > high);
    if (isOutside) return null;
    const episodes = this.trials.map(({ episode }, k) =>
      begun(this.startedAt(episode, point, k), part),
    );
    const results = await this.runner.run(episodes, point.subarray(0, ranges.length), {
      gradient: false,
      record: { slots, every: 1 },
    });
    if (results.some(({ divergence }) => divergence !== null)) return null;
    return results.map(({ record }) => slots.map((slot) => record![slot]!));
  }

  private startedAt(episode: Episode, point: Float64Array, trial: number): Episode {
    const { started, ranges, isCommon } = this.layout;
    const added = (k: number): number =>
      (isCommon ? point[ranges.length + k]! : 0) +
      (this.own > 0 ? point[this.size + trial * this.own + k]! : 0);
    const start = started.map(({ state, from }): [string, Float64Array] => [
      state,
      episode.start[state]!.map((value, k) => value + added(from + k)),
    ]);
    return { ...episode, start: { ...episode.start, ...Object.fromEntries(start) } };
  }

  /** Derivatives by parameters, by what is common to all starts, and by what each start has of its own. */
  private columnsOf(tangents: readonly Float64Array[]): readonly Float64Array[] {
    const { isCommon, ranges } = this.layout;
    return isCommon && this.own > 0 ? [...tangents, ...tangents.slice(ranges.length)] : tangents;
  }

  /** With what it costs that a trial's own numbers, and its share of the common ones, differ from 0. */
  private stiffened(moments: Moments, point: Float64Array, trial: number): Moments {
    const { spread, commonSpread, ranges } = this.layout;
    const { gram, cross } = moments;
    let power = moments.power;
    for (const [k, each] of commonSpread.entries()) {
      const at = ranges.length + k;
      const stiffness = 1 / (each ** 2 * this.trials.length);
      gram[at * cross.length + at]! += stiffness;
      cross[at]! -= stiffness * point[at]!;
      power += stiffness * point[at]! ** 2;
    }
    for (let k = 0; k < this.own; k++) {
      const own = point[this.size + trial * this.own + k]!;
      const at = this.size + k;
      const stiffness = 1 / spread[k]! ** 2;
      gram[at * cross.length + at]! += stiffness;
      cross[at]! -= stiffness * own;
      power += stiffness * own ** 2;
    }
    return { ...moments, power };
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

/** Of a positive definite matrix, by rows, which are used up. */
function logDeterminant(rows: readonly Float64Array[]): number {
  let sum = 0;
  for (const [k, row] of rows.entries()) {
    const pivot = row[k]!;
    sum += Math.log(pivot);
    for (const other of rows.slice(k + 1)) {
      const factor = other[k]! / pivot;
      for (let b = k; b < row.length; b++) other[b]! -= factor * row[b]!;
    }
  }
  return sum;
}

/** A column without its shares of others. */
function less(
  column: Float64Array,
  shares: Float64Array,
  others: readonly Float64Array[],
): Float64Array {
  const left = column.slice();
  for (const [k, share] of shares.entries()) {
    if (share === 0) continue;
    const other = others[k]!;
    for (let at = 0; at < left.length; at++) left[at]! -= share * other[at]!;
  }
  return left;
}
