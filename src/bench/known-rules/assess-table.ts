import { Stream } from '../../base/random.js';
import { blocksOf } from '../../infer/design.js';
import { recordingOf } from '../../infer/recording.js';
import { type Assessment, assess } from '../../infer/trust/assess.js';
import { seriesOf } from '../../infer/trust/series.js';
import type { KnownRule } from './cases.js';
import { type Monomial, type Table, termColumns } from './table.js';

/** What the shipped defaults make of a table, and the columns they saw. */
export interface AssessedLibrary extends Assessment {
  readonly columns: readonly Float64Array[];
}

export function assessTable(
  table: Table,
  library: readonly Monomial[],
  seed: number,
): AssessedLibrary {
  const recording = recordingOf('known rule', table.columns);
  const columns = termColumns(table, library);
  const assessment = assess(
    { columns, target: table.target, ...blocksOf(recording), series: seriesOf(recording) },
    { stream: new Stream(seed, 'infer') },
  );
  return { ...assessment, columns };
}

/** A recording of a rule with noise; where there is no rule, noise is all there is. All rows, if `rows` is null. */
export function recordingOfRule(
  rule: KnownRule,
  noise: number,
  seed: number,
  rows: number | null,
): Table {
  const stream = new Stream(seed, 'known rule', rule.id);
  const whole = rule.record(stream);
  const part = rows === null ? whole : withRows(whole, rows, stream.child('rows'));
  const level = rule.truth.size === 0 ? 1 : noise;
  return withNoise(part, level, stream.child('noise of the target', noise));
}

/** The table with so much noise on its target, in units of the target's standard deviation (or of 1, where it is 0). */
export function withNoise(table: Table, noise: number, stream: Stream): Table {
  const { target } = table;
  const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
  const variance = target.reduce((sum, value) => sum + (value - mean) ** 2, 0) / target.length;
  const size = noise * (variance > 0 ? Math.sqrt(variance) : 1);
  return { ...table, target: target.map((value) => value + size * stream.normal()) };
}

/** So many of a table's rows, drawn without replacement and kept in order. */
export function withRows(table: Table, rows: number, stream: Stream): Table {
  const all = [...table.target.keys()];
  const kept = Int32Array.from(stream.choose(all, Math.min(rows, all.length))).sort();
  const pick = (column: Float64Array) => Float64Array.from(kept, (row) => column[row]!);
  const columns = [...table.columns].map(([name, column]) => [name, pick(column)] as const);
  return { columns: new Map(columns), target: pick(table.target) };
}
