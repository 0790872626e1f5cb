import { whichProjection } from '../base/diagnostics/testing.js';
import { EngrammarError } from '../base/result.js';
import type { CheckedRule } from '../language/checked.js';
import { type Circuit, type Projection, shapeOf, type Timeline } from '../program/circuit.js';
import { stepsOf } from '../program/schedule.js';
import { type SimulatedCircuit, simulate } from '../tasks/simulate.js';
import { type GivenRule, ruleGiven } from './given-rule.js';
import { type Matrix, type Numbers, rowsOf, shown, valuesOf } from './numbers.js';
import { table } from './table.js';
import { judged, type Verdict } from './verdict.js';

/** Weight matrices (a row for each postsynaptic neuron) by the names of their projections. */
export type Weights = Readonly<Record<string, Matrix>>;

export interface ConvergenceOptions {
  readonly circuit: Circuit;
  /** The kind of projection on which the rule stands. Default: those it is `for`, or the circuit's only one. */
  readonly on?: string;
  /** Other rules at work, by kind of projection. */
  readonly beside?: Readonly<Record<string, GivenRule>>;
  /** The circuit's inputs by name: one row a step. */
  readonly inputs: Readonly<Record<string, Numbers>>;
  /** What the read-out is shown, where the circuit has one. */
  readonly queries?: Readonly<Record<string, Numbers>>;
  /** How the steps fall into trials and phases. Default: one trial as long as the inputs. */
  readonly timeline?: Timeline;
  /** What is measured of the weights. Default: the weights of the rule's projection themselves. */
  readonly measure?: (weights: Weights) => number;
  /** How far from the target it may be. */
  readonly within: number;
  /** The part of the steps, at their end, in which it must stay there. Default: the last tenth. */
  readonly settled?: number;
  /** Where weights and states start, by name. Default: as the circuit draws them. */
  readonly start?: Readonly<Record<string, Numbers>>;
  /** Values of parameters, by their names in the program, instead of those written. */
  readonly values?: Readonly<Record<string, number | Float64Array>>;
  /** Default: 1. */
  readonly seed?: number;
  /** Default: the interpreter. */
  readonly engine?: NonNullable<SimulatedCircuit['engine']>;
}

/** Moments looked at. */
const MOMENTS = 200;

/** Whether what a rule learns on a circuit comes to a target and stays there. */
export function convergesTo(
  received: unknown,
  target: Numbers,
  options: ConvergenceOptions,
): Promise<Verdict> {
  return judged(async () => {
    const rule = ruleGiven(received);
    const { circuit, within, settled = 0.1 } = options;
    const kinds = kindsOf(rule, circuit, options.on);
    const projection = circuit.projections.find(({ kind }) => kinds.includes(kind))!;
    const timeline = options.timeline ?? { trials: [{ steps: longest(options.inputs) }] };
    const steps = stepsOf(timeline);
    const every = Math.max(1, Math.floor(steps / MOMENTS));
    const result = await simulate({
      ...simulationOf(rule, kinds, options),
      timeline,
      record: { slots: circuit.projections.map(({ name }) => name), every },
    });
    const { name } = rule.rule;
    if (result.divergence) {
      const { step, where } = result.divergence;
      const message = `${name} diverges: \`${where}\` is no finite number after step ${Number(step) + 1} of ${steps}`;
      return { pass: false, message };
    }
    const course = Array.from({ length: Math.floor(steps / every) }, (_, at) =>
      weightsAt(circuit, result.record, at),
    );
    const followed = follow(target, projection, options.measure, course);
    const from = Math.min(course.length - 1, Math.floor(course.length * (1 - settled)));
    const off = followed.filter(({ values, wanted }) =>
      values.slice(from).some((value) => !(Math.abs(value - wanted) <= within)),
    );
    const pass = off.length === 0;
    const what = `${name} ${pass ? 'converges' : 'does not converge'} to its target within ${within} in ${steps} steps`;
    const lines = [what, '', trajectories(pass ? followed : off, every)];
    return { pass, message: lines.join('\n') };
  });
}

function kindsOf({ rule }: CheckedRule, circuit: Circuit, on: string | undefined): string[] {
  const kinds = [...new Set(circuit.projections.map(({ kind }) => kind))];
  if (on !== undefined) return [on];
  const meant = kinds.filter((kind) => rule.targets.includes(kind));
  if (meant.length > 0) return meant;
  if (kinds.length === 1 || rule.targets.length > 0)
    return rule.targets.length > 0 ? [...rule.targets] : kinds;
  throw new EngrammarError(whichProjection({ circuit: circuit.name, kinds }));
}

const longest = (inputs: ConvergenceOptions['inputs']): number =>
  Math.max(0, ...Object.entries(inputs).map(([name, rows]) => rowsOf(name, rows).length));

function simulationOf(rule: CheckedRule, kinds: readonly string[], options: ConvergenceOptions) {
  const { circuit, beside = {}, inputs, queries = {}, start = {}, values = {}, seed = 1 } = options;
  const others = Object.entries(beside).map(([kind, other]) => [kind, ruleGiven(other)] as const);
  return {
    circuit,
    rules: Object.fromEntries([...others, ...kinds.map((kind) => [kind, rule] as const)]),
    stepInputs: flattened(inputs),
    queryInputs: flattened(queries),
    start: Object.fromEntries(
      Object.entries(start).map(([name, given]) => [name, startOf(circuit, name, given)]),
    ),
    values,
    seed,
    ...(options.engine && { engine: options.engine }),
  };
}

const flattened = (given: Readonly<Record<string, Numbers>>): Record<string, Float64Array> =>
  Object.fromEntries(
    Object.entries(given).map(([name, rows]) => [
      name,
      Float64Array.from(rowsOf(name, rows).flat()),
    ]),
  );

function startOf(circuit: Circuit, name: string, given: Numbers): Float64Array {
  const projection = circuit.projections.find((each) => each.name === name);
  if (projection) return valuesOf(name, given, shapeOf('synapse', projection));
  const slot = [...circuit.states, ...circuit.constants].find((each) => each.name === name);
  if (slot) return valuesOf(name, given, slot.shape);
  return Float64Array.from(rowsOf(name, given).flat());
}

function weightsAt(
  circuit: Circuit,
  record: Readonly<Record<string, Float64Array>>,
  at: number,
): Weights {
  return Object.fromEntries(
    circuit.projections.map(({ name, preSize, postSize }) => [
      name,
      Array.from({ length: postSize }, (_, i) => {
        const row = (at * postSize + i) * preSize;
        return [...record[name]!.subarray(row, row + preSize)];
      }),
    ]),
  );
}

/** Something that has a target, moment by moment. */
interface Followed {
  readonly what: string;
  readonly wanted: number;
  readonly values: readonly number[];
}

function follow(
  target: Numbers,
  projection: Projection,
  measure: ConvergenceOptions['measure'],
  course: readonly Weights[],
): Followed[] {
  if (measure) {
    const [wanted] = valuesOf('target', target, [1, 1]);
    return [{ what: 'measured', wanted: wanted!, values: course.map(measure) }];
  }
  const wanted = valuesOf('target', target, shapeOf('synapse', projection));
  const { name, preSize } = projection;
  return [...wanted].map((value, at) => {
    const [i, j] = [Math.floor(at / preSize), at % preSize];
    return {
      what: `${name}, ${j + 1} → ${i + 1}`,
      wanted: value,
      values: course.map((weights) => weights[name]![i]![j]!),
    };
  });
}

/** Moments and synapses that a message shows. */
const COLUMNS = 8;
const ROWS = 12;

function trajectories(followed: readonly Followed[], every: number): string {
  const count = followed[0]!.values.length;
  const columns = Math.min(COLUMNS, count);
  const moments = Array.from({ length: columns }, (_, k) =>
    columns === 1 ? count - 1 : Math.round((k * (count - 1)) / (columns - 1)),
  );
  const rows = followed
    .slice(0, ROWS)
    .map(({ what, wanted, values }) => [
      what,
      ...moments.map((at) => shown(values[at]!)),
      shown(wanted),
    ]);
  const rest = followed.length > ROWS ? `\n  and ${followed.length - ROWS} more` : '';
  const steps = moments.map((at) => String((at + 1) * every));
  return table([['after step', ...steps, 'target'], ...rows]) + rest;
}
