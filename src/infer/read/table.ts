import { columnsDiffer } from '../../base/diagnostics/recording.js';
import { failure, type Result, success } from '../../base/result.js';

/** A file with a table, opened: its header is known, its rows are read when it is known which columns are needed. */
export interface TableFile {
  /** The names of its columns, each once, none empty. */
  readonly header: readonly string[];
  /** These columns, in this order; those of `labels` may hold names instead of numbers. */
  read(columns: readonly string[], labels: readonly string[]): Promise<Result<TableColumns>>;
}

export interface TableColumns {
  /** By name, each as long as there are rows that have all of them; every number finite. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** Rows that were left out, since a number was missing or not finite. */
  readonly dropped: number;
  /** In how many of the rows left out each column had no finite number. */
  readonly missing: ReadonlyMap<string, number>;
}

/**
 * Columns that grow row by row. A row is taken with `take` and a number for each column; one with a
 * number that is not finite is left out and counted.
 */
export class ColumnBuilder {
  private readonly names: readonly string[];
  private values: Float64Array[];
  private rows = 0;
  private dropped = 0;
  private readonly missing: number[];
  private readonly codes = new Map<string, Map<string, number>>();

  constructor(names: readonly string[], capacity = 1024) {
    this.names = names;
    this.values = names.map(() => new Float64Array(capacity));
    this.missing = names.map(() => 0);
  }

  take(row: ArrayLike<number>): void {
    let whole = true;
    for (let k = 0; k < this.names.length; k++) {
      if (Number.isFinite(row[k]!)) continue;
      this.missing[k]! += 1;
      whole = false;
    }
    if (!whole) {
      this.dropped += 1;
      return;
    }
    if (this.rows === (this.values[0]?.length ?? 0)) this.grow();
    for (let k = 0; k < this.names.length; k++) this.values[k]![this.rows] = row[k]!;
    this.rows += 1;
  }

  /** A number for a name: the same for the same name, in the order in which they are first met. */
  codeOf(column: string, label: string): number {
    let codes = this.codes.get(column);
    if (!codes) {
      codes = new Map();
      this.codes.set(column, codes);
    }
    let code = codes.get(label);
    if (code === undefined) {
      code = codes.size;
      codes.set(label, code);
    }
    return code;
  }

  private grow(): void {
    this.values = this.values.map((old) => {
      const wider = new Float64Array(2 * old.length);
      wider.set(old);
      return wider;
    });
  }

  finish(): TableColumns {
    const { names, values, rows, dropped, missing } = this;
    return {
      columns: new Map(names.map((name, k) => [name, values[k]!.subarray(0, rows)])),
      dropped,
      missing: new Map(names.flatMap((name, k) => (missing[k]! > 0 ? [[name, missing[k]!]] : []))),
    };
  }
}

/** A table that is in memory already. */
export function tableOfColumns(columns: Readonly<Record<string, ArrayLike<number>>>): TableFile {
  return {
    header: Object.keys(columns),
    read: async (names) =>
      takeColumns(
        names,
        names.map((name) => columns[name]!),
      ),
  };
}

/** The rows of whole columns. */
export function takeColumns(
  names: readonly string[],
  arrays: readonly ArrayLike<number>[],
  builder = new ColumnBuilder(names),
): Result<TableColumns> {
  const sizes = names.map((name, k): [string, number] => [name, arrays[k]!.length]);
  if (new Set(sizes.map(([, size]) => size)).size > 1) return failure(columnsDiffer({ sizes }));
  const row = new Float64Array(names.length);
  for (let at = 0; at < (arrays[0]?.length ?? 0); at++) {
    for (let k = 0; k < arrays.length; k++) row[k] = arrays[k]![at]!;
    builder.take(row);
  }
  return success(builder.finish());
}
