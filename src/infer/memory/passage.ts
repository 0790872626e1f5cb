import { memoryWithoutOrder } from '../../base/diagnostics/recording.js';
import { EngrammarError } from '../../base/result.js';
import type { Recording } from '../recording.js';
import { quantile } from '../trust/resample.js';

/** Rows in the order in which memory goes through them: synapse by synapse, trial by trial, in time. */
export interface Passage {
  readonly rows: Int32Array;
  /** By place in `rows`: 1 where a synapse or a trial begins. */
  readonly starts: Uint8Array;
  /** By place in `rows`: time since the row before, in ms; at a start the usual step. */
  readonly dt: Float64Array;
}

const passages = new WeakMap<Recording, Passage>();

/**
 * The order of a recording for memory. Throws an `EngrammarError` where there is no column of times, or
 * where two rows of one synapse have the same time.
 */
export function passageOf(recording: Recording): Passage {
  const known = passages.get(recording);
  if (known) return known;
  const { time, rows: count } = recording;
  if (!time) throw new EngrammarError(memoryWithoutOrder({ why: 'there is no column t' }));
  const labels = [recording.trial, recording.post, recording.pre].flatMap((each) => each ?? []);
  const rows = Int32Array.from({ length: count }, (_, row) => row).sort((a, b) => {
    for (const label of labels) {
      const apart = label[a]! - label[b]!;
      if (apart !== 0) return apart;
    }
    return time[a]! - time[b]! || a - b;
  });
  const starts = new Uint8Array(count);
  const dt = new Float64Array(count);
  const steps: number[] = [];
  for (let k = 0; k < count; k++) {
    const [row, before] = [rows[k]!, k > 0 ? rows[k - 1]! : -1];
    if (before < 0 || labels.some((label) => label[row] !== label[before])) {
      starts[k] = 1;
      continue;
    }
    dt[k] = time[row]! - time[before]!;
    if (dt[k] === 0) {
      const why = `two rows of one synapse have the time ${time[row]}`;
      throw new EngrammarError(memoryWithoutOrder({ why }));
    }
    steps.push(dt[k]!);
  }
  const usual = steps.length > 0 ? quantile(steps, 0.5) : 1;
  for (let k = 0; k < count; k++) if (starts[k]) dt[k] = usual;
  const passage = { rows, starts, dt };
  passages.set(recording, passage);
  return passage;
}
