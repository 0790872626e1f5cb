import type { CheckedRule } from '../../../../src/language/checked.js';
import type { SignalTable } from '../../../../src/language/signals.js';
import type { Circuit, Timeline } from '../../../../src/program/circuit.js';
import type { Program } from '../../../../src/program/ir.js';
import { writtenValue } from '../../../../src/program/rule.js';
import { prepareSimulation } from '../../../../src/tasks/simulate.js';
import type { Matrix } from './vectors.js';

/** The rule under test, held against what a circuit offers. */
export type RuleFor = (table: SignalTable) => CheckedRule;
/** Another rule of the catalogue. */
export type Companion = (name: string, table: SignalTable) => CheckedRule;

/** Rules at work, with all numbers as matrices. */
export interface Work {
  readonly circuit: Circuit;
  readonly rules: Readonly<Record<string, CheckedRule>>;
  /** One row a step. */
  readonly inputs: Readonly<Record<string, Matrix>>;
  /** One row a query. */
  readonly queries?: Readonly<Record<string, Matrix>>;
  /** Default: one trial as long as the inputs. */
  readonly timeline?: Timeline;
  readonly start?: Readonly<Record<string, Matrix>>;
  readonly values?: Readonly<Record<string, number | Float64Array>>;
  /** States and observed quantities to be kept every so many steps (default: every step). */
  readonly record?: readonly string[];
  readonly every?: number;
  readonly seed?: number;
  /** Whether the derivatives of the loss by what it started from are wanted. */
  readonly gradient?: boolean;
}

export interface Done {
  readonly loss: number;
  /** A state after the last step; NaN if the episode diverged. */
  end(name: string): number[][];
  /** A recorded quantity, moment by moment; NaN once it diverged. */
  moments(name: string): number[][][];
  /** The derivative of the loss by the start of a state. */
  slopes(name: string): number[][];
}

/** Lets rules work on a circuit. */
export async function run(work: Work): Promise<Done> {
  const { circuit, rules, inputs, queries = {}, start = {}, values = {}, every = 1 } = work;
  const steps = Object.values(inputs)[0]?.length ?? 0;
  const timeline = work.timeline ?? { trials: [{ steps }] };
  const simulator = await prepareSimulation({ circuit, rules, values });
  const { gradient = false, record = [], seed = 1 } = work;
  const result = await simulator.run({
    timeline,
    stepInputs: flattened(inputs),
    queryInputs: flattened(queries),
    start: flattened(start),
    seed,
    gradient,
    ...(record.length > 0 ? { record: { slots: record, every } } : {}),
  });
  simulator.dispose();
  const cut = cutter(simulator.program);
  const all = timeline.trials.reduce((sum, trial) => sum + trial.steps, 0);
  return {
    loss: result.loss,
    end: (name) => cut(name, result.states[name], 1)[0]!,
    moments: (name) => cut(name, result.record[name], Math.floor(all / every)),
    slopes: (name) => cut(name, result.startGradient[name], 1)[0]!,
  };
}

/** Cuts values that follow one another into as many matrices as there should be. */
function cutter({ states, observed }: Program) {
  return (name: string, values: Float64Array | undefined, pieces: number): number[][][] => {
    const slot = states.find((each) => each.name === name);
    const [rows, columns] = (slot ?? observed.find((each) => each.name === name))!.shape;
    return Array.from({ length: pieces }, (_, k) =>
      Array.from({ length: rows }, (__, i) =>
        Array.from(
          { length: columns },
          (___, j) => values?.[(k * rows + i) * columns + j] ?? Number.NaN,
        ),
      ),
    );
  };
}

const flattened = (given: Readonly<Record<string, Matrix>>): Record<string, Float64Array> =>
  Object.fromEntries(Object.entries(given).map(([name, rows]) => [name, flat(rows)]));

const flat = (rows: Matrix): Float64Array => Float64Array.from(rows.flat());

/** What is written for a parameter of a rule. */
export const written = (rule: CheckedRule, parameter: string): number =>
  writtenValue(rule.scope.parameters.get(parameter)!, null);
