import { type Evaluation, prepareEvaluation } from '../engine/interpret/evaluate.js';
import type { Trial } from '../program/circuit.js';
import type { Output, Program } from '../program/ir.js';
import { graphOf, nodesUnder } from '../program/plan/graph-of.js';
import { startOf } from '../program/start.js';
import type { SimulatedEpisode, SimulationResult } from '../tasks/simulate.js';
import type { StudyEpisode } from './study.js';

/** Numbers over the trials of an episode. */
export interface Course {
  /** For each value the trial up to which (from 1) it tells. */
  readonly trials: readonly number[];
  readonly values: readonly number[];
}

const MOST_POINTS = 200;
/** States that a followed number may be made of, in numbers: they are kept for every trial. */
const MOST_NUMBERS = 64;

/** A value for every trial, averaged over those that share a point. */
interface Averaged {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

/**
 * Follows the single numbers of a read-out (the loss first of all) over the trials of an episode. What
 * is made of a few states is known after every trial, and averaged over the trials of a point; what is
 * made of weights, or of queries, is known where a part of the episode ends.
 */
export class Following {
  private readonly size: number;
  private readonly trials: number;
  private readonly exact: ReadonlyMap<string, Averaged>;
  private readonly seldom: ReadonlyMap<string, { trials: number[]; values: number[] }>;
  private readonly evaluation: Evaluation;
  /** States that are recorded, with how many numbers each has. */
  private readonly slots: ReadonlyMap<string, number>;
  private done = 0;

  constructor(program: Program, episode: StudyEpisode, together: number) {
    this.trials = episode.timeline.trials.length;
    this.size = together * Math.ceil(this.trials / (MOST_POINTS * together));
    const { exact, seldom } = sorted(program);
    const points = Math.ceil(this.trials / this.size);
    const averaged = (): Averaged => {
      return { sums: new Float64Array(points), counts: new Float64Array(points) };
    };
    this.exact = new Map(exact.map(({ name }) => [name, averaged()]));
    this.seldom = new Map(seldom.map(({ name }) => [name, { trials: [], values: [] }]));
    const graph = graphOf(program.readout.name, exact);
    this.evaluation = prepareEvaluation(graph);
    const start = startOf(program, episode.start);
    for (const { name } of program.constants) this.evaluation.bind(name, start[name]!);
    for (const name of program.parameters)
      this.evaluation.bind(name, Float64Array.of(Number(program.initial[name] ?? 0)));
    const used = new Set(graph.inputs.map(({ name }) => name));
    this.slots = new Map(
      program.states
        .filter(({ name }) => used.has(name))
        .map(({ name, shape: [rows, columns] }) => [name, rows * columns]),
    );
  }

  /** Whether there is something that is known only where a part of the episode ends. */
  get looksSeldom(): boolean {
    return this.seldom.size > 0;
  }

  /** What has to be recorded of the next trials. */
  recordOf(trials: readonly Trial[]): Pick<SimulatedEpisode, 'record'> {
    if (this.slots.size === 0) return {};
    return { record: { slots: [...this.slots.keys()], every: strideOf(trials) } };
  }

  /** Takes what the next trials came to. */
  take(trials: readonly Trial[], { record, outputs, loss }: SimulationResult): void {
    const stride = strideOf(trials);
    let steps = 0;
    for (const trial of trials) {
      steps += trial.steps;
      // A trial without steps has nothing to tell.
      if (trial.steps > 0 && this.exact.size > 0) this.takeTrial(record, steps / stride - 1);
      this.done += 1;
    }
    for (const [name, course] of this.seldom) {
      course.trials.push(this.done);
      course.values.push(name === 'loss' ? loss : outputs[name]![0]!);
    }
  }

  private takeTrial(record: SimulationResult['record'], at: number): void {
    for (const [name, size] of this.slots)
      this.evaluation.bind(name, record[name]!.subarray(at * size, (at + 1) * size));
    this.evaluation.run();
    const point = Math.floor(this.done / this.size);
    for (const [name, { sums, counts }] of this.exact) {
      sums[point]! += this.evaluation.output(name)[0]!;
      counts[point]! += 1;
    }
  }

  /** What was followed, by the names of the outputs; nothing of an episode of one trial. */
  courses(): Record<string, Course> {
    if (this.trials < 2) return {};
    const averages = [...this.exact].map(([name, { sums, counts }]) => {
      const points = [...sums.keys()].filter((point) => counts[point]! > 0);
      const course: Course = {
        trials: points.map((point) => Math.min((point + 1) * this.size, this.trials)),
        values: points.map((point) => sums[point]! / counts[point]!),
      };
      return [name, course] as const;
    });
    return Object.fromEntries([
      ...averages,
      ...[...this.seldom].map(([name, course]) => [name, thinned(course)] as const),
    ]);
  }
}

/** Steps between two records: a whole trial, where all have as many. */
function strideOf(trials: readonly Trial[]): number {
  const steps = trials[0]?.steps ?? 0;
  return steps > 0 && trials.every((trial) => trial.steps === steps) ? steps : 1;
}

/** Single numbers of the read-out that are not always the same, by whether a few states make them. */
function sorted({ readout, states, queryInputs }: Program): { exact: Output[]; seldom: Output[] } {
  const sizes = new Map(states.map(({ name, shape: [rows, columns] }) => [name, rows * columns]));
  const asked = new Set(queryInputs.map(({ name }) => name));
  const exact: Output[] = [];
  const seldom: Output[] = [];
  for (const output of readout.outputs) {
    const [rows, columns] = output.node.shape;
    if (rows * columns !== 1 || output.node.operation.op === 'constant') continue;
    const inputs = [...nodesUnder([output.node])].flatMap(({ operation }) =>
      operation.op === 'input' ? [operation.name] : [],
    );
    const numbers = inputs.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
    const isExact = numbers <= MOST_NUMBERS && !inputs.some((name) => asked.has(name));
    (isExact ? exact : seldom).push(output);
  }
  return { exact, seldom };
}

/** Every so manieth point, the first and the last among them. */
function thinned({ trials, values }: Course): Course {
  if (trials.length <= MOST_POINTS) return { trials, values };
  const stride = (trials.length - 1) / (MOST_POINTS - 1);
  const kept = Array.from({ length: MOST_POINTS }, (_, k) => Math.round(k * stride));
  return { trials: kept.map((k) => trials[k]!), values: kept.map((k) => values[k]!) };
}
