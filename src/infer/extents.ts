import { type Extent, type Signal, type SignalTable, WEIGHT } from '../language/signals.js';
import type { Recording } from './recording.js';

/**
 * What each column belongs to, as far as the rows show it: the presynaptic neuron if at each moment it
 * is the same for all synapses of that neuron, the postsynaptic one likewise, all synapses if it is the
 * same for all; else the synapse. Without `t`, `j` and `i`, or where there is nothing to compare, all
 * belong to synapses.
 */
function extentsOf(recording: Recording): ReadonlyMap<string, Extent> {
  const { columns, time, pre, post, trial } = recording;
  if (!time || !pre || !post) return new Map();
  const moment = trial ? [trial, time] : [time];
  const byPre = firstRows(recording.rows, [...moment, pre]);
  const byPost = firstRows(recording.rows, [...moment, post]);
  const byMoment = firstRows(recording.rows, moment);
  const extents = new Map<string, Extent>();
  for (const [name, values] of columns) {
    const ofPre = isSame(values, byPre);
    const ofPost = isSame(values, byPost);
    if (ofPre && ofPost && isSame(values, byMoment)) extents.set(name, 'global');
    else if (ofPre !== ofPost) extents.set(name, ofPre ? 'pre' : 'post');
  }
  return extents;
}

/** For each row the first one with the same values in these columns; null if no two rows have them. */
function firstRows(rows: number, columns: readonly Float64Array[]): Int32Array | null {
  const known = new Map<string, number>();
  const first = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let key = '';
    for (const column of columns) key += `${column[row]!} `;
    const at = known.get(key);
    if (at === undefined) known.set(key, row);
    first[row] = at ?? row;
  }
  return known.size < rows ? first : null;
}

function isSame(values: Float64Array, first: Int32Array | null): boolean {
  return first?.every((at, row) => values[at] === values[row]) ?? false;
}

/** The table of a recording whose columns belong to neurons: so formulas write them with one index. */
export function tableWithExtents(table: SignalTable, recording: Recording): SignalTable {
  const extents = extentsOf(recording);
  const signals = table.signals.map((signal): Signal => {
    const extent = signal.name === WEIGHT ? undefined : extents.get(signal.name);
    return extent ? { ...signal, extent, matrixSymbol: signal.symbol } : signal;
  });
  return { ...table, signals };
}
