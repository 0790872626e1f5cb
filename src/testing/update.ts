import { nothingExpected } from '../base/diagnostics/testing.js';
import { EngrammarError } from '../base/result.js';
import type { Extent } from '../language/signals.js';
import { shapeOf } from '../program/circuit.js';
import { type SimulationResult, simulate } from '../tasks/simulate.js';
import { ruleGiven } from './given-rule.js';
import { type Numbers, shown, valuesOf } from './numbers.js';
import { type GivenStep, type Recording, type RecordingOptions, recordingOf } from './recording.js';
import { table } from './table.js';
import { judged, type Verdict } from './verdict.js';

/** What a rule should make of its weights and memory. */
export interface ExpectedUpdate {
  /** The new weights less those at the start. */
  readonly dw?: Numbers;
  /** The new weights. */
  readonly w?: Numbers;
  /** Memory after the last step, by its name in the rule. */
  readonly memory?: Readonly<Record<string, Numbers>>;
}

export interface UpdateOptions extends RecordingOptions {
  /** How far a value may be from what is expected. Default: 1e-9, and that share of values above 1. */
  readonly within?: number;
}

/**
 * Whether a rule, shown one step or several, changes its weights as expected. An expected number, list
 * or matrix is `dw`, the sum of the changes.
 */
export function updates(
  received: unknown,
  given: GivenStep | readonly GivenStep[],
  expected: Numbers | ExpectedUpdate,
  options: UpdateOptions = {},
): Promise<Verdict> {
  return judged(async () => {
    const rule = ruleGiven(received);
    const recording = recordingOf(rule, given, options);
    const wanted = expectedOf(expected);
    const { circuit, kind, simulation } = recording;
    const result = await simulate({ ...simulation, circuit, rules: { [kind]: rule } });
    const { name } = rule.rule;
    if (result.divergence) {
      const { step, where } = result.divergence;
      const message = `${name}: \`${where}\` is no finite number after step ${Number(step) + 1}`;
      return { pass: false, message };
    }
    const compared = comparisons(wanted, result, recording);
    const off = compared.filter((each) => !isNear(each, options.within));
    const what = recording.steps === 1 ? 'one step' : `${recording.steps} steps`;
    if (off.length === 0) {
      return {
        pass: true,
        message: `${name} updates as expected in ${what}\n\n${listed(compared)}`,
      };
    }
    const lines = [
      `${name} does not update as expected in ${what}: ${off.length} of ${compared.length} values are off`,
      '',
      listed(off),
    ];
    return { pass: false, message: lines.join('\n') };
  });
}

function expectedOf(expected: Numbers | ExpectedUpdate): ExpectedUpdate {
  const isNumbers =
    typeof expected === 'number' || Array.isArray(expected) || ArrayBuffer.isView(expected);
  const wanted = isNumbers ? { dw: expected as Numbers } : (expected as ExpectedUpdate);
  const { dw, w, memory = {} } = wanted ?? {};
  if (dw === undefined && w === undefined && Object.keys(memory).length === 0) {
    throw new EngrammarError(nothingExpected({}));
  }
  return wanted;
}

interface Compared {
  readonly what: string;
  readonly got: number;
  readonly expected: number;
}

function comparisons(
  { dw, w, memory = {} }: ExpectedUpdate,
  { states }: SimulationResult,
  { projection, start, memories }: Recording,
): Compared[] {
  const weights = states.w!;
  const synapses = shapeOf('synapse', projection);
  const all: Compared[] = [];
  const compare = (name: string, expected: Numbers, extent: Extent, got: Float64Array): void => {
    const shape = shapeOf(extent, projection);
    valuesOf(name, expected, shape).forEach((value, at) => {
      const place = placeOf(extent, Math.floor(at / shape[1]), at % shape[1]);
      all.push({ what: `${name}${place}`, got: got[at]!, expected: value });
    });
  };
  if (dw !== undefined) {
    const before = valuesOf('w', start, synapses);
    compare(
      'dw',
      dw,
      'synapse',
      weights.map((after, at) => after - before[at]!),
    );
  }
  if (w !== undefined) compare('w', w, 'synapse', weights);
  for (const [name, values] of Object.entries(memory)) {
    compare(name, values, memories(name), states[`${projection.name}: ${name}`]!);
  }
  return all;
}

/** Neurons are counted from 1; a synapse leads from its presynaptic to its postsynaptic neuron. */
function placeOf(extent: Extent, row: number, column: number): string {
  switch (extent) {
    case 'global':
      return '';
    case 'synapse':
      return `, ${column + 1} → ${row + 1}`;
    default:
      return `, ${extent} ${column + 1}`;
  }
}

function isNear({ got, expected }: Compared, within: number | undefined): boolean {
  const margin = within ?? 1e-9 * Math.max(1, Math.abs(expected));
  return Math.abs(got - expected) <= margin;
}

/** Rows shown of a long list. */
const SHOWN = 16;

function listed(compared: readonly Compared[]): string {
  const rows = compared
    .slice(0, SHOWN)
    .map(({ what, got, expected }) => [what, shown(got), shown(expected), shown(got - expected)]);
  const rest = compared.length > SHOWN ? `\n  and ${compared.length - SHOWN} more` : '';
  return table([['', 'got', 'expected', 'off by'], ...rows]) + rest;
}
