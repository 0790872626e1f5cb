import type { Recording } from '../recording.js';

/** Rows of one synapse (within one trial, where trials are long enough), in the order of time. */
export interface Series {
  readonly rows: Int32Array;
  /** Series of the same group were recorded at the same time: what happens in one may happen in all. */
  readonly group: number;
}

type Places = Pick<Recording, 'rows' | 'time' | 'pre' | 'post' | 'trial'>;

/** Rows a series must have (in the median) for shifts within it to mean anything. */
const ENOUGH = 20;

/**
 * What a recording consists of as courses of time: synapses within trials; where these are too short,
 * synapses over all trials; where these are, too, all rows one after another.
 */
export function seriesOf(recording: Places): Series[] {
  const { rows, pre, post, trial } = recording;
  const ordered = inOrder(recording);
  const synapse = [pre, post].filter((each) => each !== null);
  const within = trial ? [...synapse, trial] : synapse;
  for (const keys of [within, synapse]) {
    const series = split(ordered, keys);
    const lengths = series.map((each) => each.length).sort((a, b) => a - b);
    if (rows === 0 || lengths[Math.floor(lengths.length / 2)]! < ENOUGH) continue;
    const isWithin = trial !== null && keys.includes(trial);
    return series.map((each) => ({ rows: each, group: isWithin ? trial[each[0]!]! : 0 }));
  }
  return [{ rows: ordered, group: 0 }];
}

/** All rows by trial, by time, and otherwise as they are. */
function inOrder({ rows, time, trial }: Places): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  if (!time && !trial) return order;
  const by = (column: Float64Array | null, a: number, b: number): number =>
    column ? column[a]! - column[b]! : 0;
  return order.sort((a, b) => by(trial, a, b) || by(time, a, b) || a - b);
}

function split(ordered: Int32Array, keys: readonly Float64Array[]): Int32Array[] {
  const found = new Map<string, number[]>();
  for (const row of ordered) {
    const key = keys.map((each) => each[row]!).join(' ');
    const members = found.get(key);
    if (members) members.push(row);
    else found.set(key, [row]);
  }
  return [...found.values()].map((each) => Int32Array.from(each));
}
