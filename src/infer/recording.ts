/** A table of numbers that was recorded: one row for each synapse and moment, a column for each quantity. */
export interface Recording {
  /** The file as it was named. */
  readonly name: string;
  readonly rows: number;
  /** By name, in the order of the file; each of length `rows`, every number finite. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** The columns `t`, `j` (presynaptic neuron), `i` (postsynaptic neuron) and `trial`, where there are such. */
  readonly time: Float64Array | null;
  readonly pre: Float64Array | null;
  readonly post: Float64Array | null;
  readonly trial: Float64Array | null;
  /** Rows of the file that are not here, because a number that is needed was missing or not finite. */
  readonly dropped: number;
}

/** What rows belong to is told by these columns; neurons and trials may have names instead of numbers. */
export const PLACE_COLUMNS = { time: 't', pre: 'j', post: 'i', trial: 'trial' } as const;

/** Columns whose texts are names, not numbers that may be wrong. */
export const LABELS: readonly string[] = [
  PLACE_COLUMNS.pre,
  PLACE_COLUMNS.post,
  PLACE_COLUMNS.trial,
];

/** The recording with these columns, of which those named as above say what its rows belong to. */
export function recordingOf(
  name: string,
  columns: ReadonlyMap<string, Float64Array>,
  dropped = 0,
): Recording {
  const [first] = columns.values();
  const rows = first?.length ?? 0;
  for (const [column, values] of columns) {
    if (values.length !== rows) {
      throw new RangeError(`${name}: ${column} has ${values.length} rows, others ${rows}`);
    }
  }
  const place = (column: string): Float64Array | null => columns.get(column) ?? null;
  return {
    name,
    rows,
    columns,
    time: place(PLACE_COLUMNS.time),
    pre: place(PLACE_COLUMNS.pre),
    post: place(PLACE_COLUMNS.post),
    trial: place(PLACE_COLUMNS.trial),
    dropped,
  };
}
