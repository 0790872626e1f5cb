import { unknownInput } from '../base/diagnostics/circuit.js';
import { timeInSteps } from '../base/diagnostics/memory.js';
import {
  memoryNotGiven,
  noStepLength,
  noSuchSignal,
  signalNotGiven,
  sizesDiffer,
} from '../base/diagnostics/testing.js';
import { EngrammarError } from '../base/result.js';
import { replay } from '../circuits/replay.js';
import { checkRule } from '../language/check/rule.js';
import type { CheckedRule } from '../language/checked.js';
import {
  type Extent,
  type Signal,
  type SignalTable,
  signalNamed,
  WEIGHT,
} from '../language/signals.js';
import { type Circuit, type Projection, shapeOf, type Timeline } from '../program/circuit.js';
import type { Simulation } from '../tasks/simulate.js';
import { type Numbers, rowsOf, valuesOf } from './numbers.js';

/**
 * The signals of one step by their names, and the weights `w` in the first: `{ w: 0.5, pre: [1, 2],
 * post: 3 }`. A list has one value for each neuron, weights have one row for each postsynaptic neuron,
 * and a single number stands for all. Spikes that are left out are none.
 */
export type GivenStep = Readonly<Record<string, Numbers | undefined>>;

export interface RecordingOptions {
  /** Length of a step in milliseconds. Default: steps are counted. */
  readonly dt?: number;
  /** How the steps fall into trials and phases. Default: one trial. */
  readonly timeline?: Timeline;
  /**
   * Where memory starts, by its name in the rule. Default: as the rule says. If some is given, that with
   * a start other than 0 is given too; what starts anew at an event of the first step does so.
   */
  readonly memory?: Readonly<Record<string, Numbers>>;
  /** Values of parameters instead of those written in the rule. */
  readonly values?: Readonly<Record<string, Numbers>>;
  /** Of what a rule draws. Default: 1. */
  readonly seed?: number;
}

/** Steps that a rule is shown, as a circuit with its inputs. */
export interface Recording {
  readonly circuit: Circuit;
  /** Where the rule stands. */
  readonly kind: string;
  readonly projection: Projection;
  readonly steps: number;
  /** The weights at the start. */
  readonly start: Numbers;
  /** Of what a memory of the rule has one value. */
  memories(name: string): Extent;
  readonly simulation: Omit<Simulation, 'circuit' | 'rules'>;
}

/** Throws an `EngrammarError` where what is given does not fit the rule or itself. */
export function recordingOf(
  rule: CheckedRule,
  given: GivenStep | readonly GivenStep[],
  options: RecordingOptions,
): Recording {
  const steps: readonly GivenStep[] = Array.isArray(given) ? given : [given as GivenStep];
  const { dt, timeline, memory = {}, values = {}, seed = 1 } = options;
  const signals = signalsGiven(rule, steps);
  const kind = rule.rule.targets[0] ?? 'replayed';
  const table: SignalTable = {
    ...rule.scope.table,
    name: 'this test',
    projections: rule.rule.targets,
    time: dt === undefined ? 'steps' : 'milliseconds',
  };
  checkTime(rule, table, dt);
  checkMemory(rule, memory);
  const sizes = sizesOf(signals, steps);
  const stepLength = dt ?? null;
  const names = signals.map(({ name }) => name);
  const circuit = replay(table, { ...sizes, signals: names, kind, stepLength });
  const projection = circuit.projections[0]!;
  const memories = (name: string): Extent => {
    const found = rule.scope.memories.get(name);
    if (found) return found.extent;
    const known = [...rule.scope.memories.keys()];
    throw new EngrammarError(
      unknownInput({ circuit: rule.rule.name, what: 'record', given: name, known }),
    );
  };
  const start = steps[0]?.[WEIGHT] ?? 0;
  return {
    circuit,
    kind,
    projection,
    steps: steps.length,
    start,
    memories,
    simulation: {
      timeline: timeline ?? { trials: [{ steps: steps.length }] },
      stepInputs: Object.fromEntries(
        signals.map((signal) => [signal.name, inputOf(signal, steps, projection)]),
      ),
      start: {
        [projection.name]: valuesOf(WEIGHT, start, shapeOf('synapse', projection)),
        ...Object.fromEntries(
          Object.entries(memory).map(([name, from]) => [
            `${projection.name}: ${name}`,
            valuesOf(name, from, shapeOf(memories(name), projection)),
          ]),
        ),
      },
      // What starts by itself would start in the first step, whatever was given.
      continued: Object.keys(memory).length > 0,
      values: valuesFor(rule, values, projection),
      seed,
    },
  };
}

/** A rule with times fits no circuit that counts steps: say so in words of a test. */
function checkTime(
  { rule, source }: CheckedRule,
  table: SignalTable,
  dt: number | undefined,
): void {
  const fits = checkRule(rule, source, table);
  if (fits.ok) return;
  const onlyTimes = fits.diagnostics.every(({ code }) => code === timeInSteps.code);
  if (dt === undefined && onlyTimes) throw new EngrammarError(noStepLength({ rule: rule.name }));
  throw new EngrammarError(...fits.diagnostics);
}

function checkMemory({ rule, memory }: CheckedRule, given: RecordingOptions['memory'] = {}): void {
  if (Object.keys(given).length === 0) return;
  const names = memory.filter(({ name, from }) => from && !(name in given)).map(({ name }) => name);
  if (names.length > 0) throw new EngrammarError(memoryNotGiven({ rule: rule.name, names }));
}

/** What every rule knows, and what only stands for itself. */
const KNOWN = new Set([WEIGHT, 'dt', 'pre.size', 'post.size']);

/** The signals that are given, and the spikes that are read but never happen. */
function signalsGiven(
  { rule, scope, reads, bounds }: CheckedRule,
  steps: readonly GivenStep[],
): Signal[] {
  const names = new Set(steps.flatMap(namesIn));
  const known = scope.table.signals.map(({ name }) => name);
  const strange = [...names].filter(
    (name) => name !== WEIGHT && (!known.includes(name) || KNOWN.has(name)),
  );
  if (strange.length > 0) {
    throw new EngrammarError(...strange.map((name) => noSuchSignal({ given: name, known })));
  }
  const needed = reads.filter((name) => !signalNamed(scope.table, name)!.event && !KNOWN.has(name));
  steps.forEach((step, at) => {
    const weight = at === 0 && (reads.includes(WEIGHT) || bounds.range || bounds.keepsSign);
    const missing = [...(weight ? [WEIGHT] : []), ...needed].filter(
      (name) => step[name] === undefined,
    );
    if (missing.length > 0) {
      throw new EngrammarError(signalNotGiven({ rule: rule.name, names: missing, step: at + 1 }));
    }
  });
  return scope.table.signals.filter(
    ({ name }) => !KNOWN.has(name) && (names.has(name) || reads.includes(name)),
  );
}

const namesIn = (step: GivenStep): string[] =>
  Object.keys(step).filter((name) => step[name] !== undefined);

/** How many neurons there are on both sides: as many as something has values for, or one. */
function sizesOf(
  signals: readonly Signal[],
  steps: readonly GivenStep[],
): { preSize: number; postSize: number } {
  const found = { pre: 1, post: 1 };
  const see = (side: 'pre' | 'post', name: string, count: number): void => {
    if (count === 1 || count === found[side]) return;
    if (found[side] !== 1) {
      const needed = `${found[side]} values, as something else has`;
      throw new EngrammarError(sizesDiffer({ name, given: `${count} values`, needed }));
    }
    found[side] = count;
  };
  for (const step of steps) {
    for (const name of namesIn(step)) {
      const extent = signals.find((signal) => signal.name === name)?.extent ?? 'synapse';
      const rows = rowsOf(name, step[name]);
      if (extent === 'synapse') see('post', name, rows.length);
      if (extent !== 'global') see(extent === 'post' ? 'post' : 'pre', name, rows[0]!.length);
    }
  }
  return { preSize: found.pre, postSize: found.post };
}

function inputOf(
  { name, extent }: Signal,
  steps: readonly GivenStep[],
  projection: Projection,
): Float64Array {
  const shape = shapeOf(extent, projection);
  const values = steps.map((step) => valuesOf(name, step[name] ?? 0, shape));
  return Float64Array.from(values.flatMap((each) => [...each]));
}

/** Values by the names that parameters have in programs. */
function valuesFor(
  { scope }: CheckedRule,
  values: Readonly<Record<string, Numbers>>,
  projection: Projection,
): Record<string, number | Float64Array> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const parameter = scope.parameters.get(name);
      const scoped = parameter?.definition.scope ? `${name} of ${projection.name}` : name;
      const shape = shapeOf(parameter?.extent ?? 'global', projection);
      return [scoped, typeof value === 'number' ? value : valuesOf(name, value, shape)];
    }),
  );
}
