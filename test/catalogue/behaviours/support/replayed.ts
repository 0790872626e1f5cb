import { replay } from '../../../../src/circuits/replay.js';
import { wholeVocabulary } from '../../../../src/language/vocabulary.js';
import type { Timeline } from '../../../../src/program/circuit.js';
import { type Done, type RuleFor, run, written } from './run.js';
import type { Matrix } from './vectors.js';

/** What the synapses of a rule are shown, one row a step. */
export interface Recording {
  readonly preSize: number;
  readonly postSize: number;
  /** By the names of the vocabulary. */
  readonly signals: Readonly<Record<string, Matrix>>;
  /** Length of a step in milliseconds. Default: steps are counted. */
  readonly stepLength?: number;
  readonly timeline?: Timeline;
  /** Of the weights (`w`; default: 0) and of memory (`w: NAME`). */
  readonly start?: Readonly<Record<string, Matrix>>;
  readonly values?: Readonly<Record<string, number>>;
  /** What is kept of every so many steps. Default: `w`, every step. */
  readonly record?: readonly string[];
  readonly every?: number;
}

export interface Replayed extends Done {
  /** The value written for a parameter of the rule. */
  value(parameter: string): number;
}

/** Shows a rule signals that do not depend on its weights. */
export async function replayed(rule: RuleFor, recording: Recording): Promise<Replayed> {
  const { preSize, postSize, signals, stepLength = null, start, record = ['w'] } = recording;
  const time = stepLength === null ? 'steps' : 'milliseconds';
  const table = { ...wholeVocabulary, name: 'replay', projections: ['replayed'], time } as const;
  const names = ['w', 'pre.size', 'post.size', 'dt', ...Object.keys(signals)];
  const circuit = replay(table, { preSize, postSize, signals: names, stepLength });
  const checked = rule(circuit.tables.replayed!);
  const still = Array.from({ length: postSize }, () => new Array<number>(preSize).fill(0));
  const { timeline, values, every } = recording;
  const done = await run({
    circuit,
    rules: { replayed: checked },
    inputs: signals,
    start: { w: still, ...start },
    record,
    ...(timeline && { timeline }),
    ...(values && { values }),
    ...(every && { every }),
  });
  return { ...done, value: (name) => recording.values?.[name] ?? written(checked, name) };
}

/** Rows of as many values, 0 but where the event list says otherwise: `[step, column, value]`. */
export function events(
  steps: number,
  columns: number,
  given: readonly (readonly [step: number, column: number, value?: number])[],
): number[][] {
  const rows = Array.from({ length: steps }, () => new Array<number>(columns).fill(0));
  for (const [step, column, value = 1] of given) rows[step]![column] = value;
  return rows;
}
