import { rowsDiffer } from '../../base/diagnostics/circuit.js';
import { failure, type Result, success } from '../../base/result.js';

/** Rows as they were recorded, one a step, as a step input: `steps × columns`. */
export function recordedInputs(rows: readonly ArrayLike<number>[]): Result<Float64Array> {
  const columns = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== columns);
  if (odd >= 0) {
    return failure(rowsDiffer({ row: odd, given: rows[odd]!.length, expected: columns }));
  }
  const inputs = new Float64Array(rows.length * columns);
  rows.forEach((row, t) => {
    inputs.set(row, t * columns);
  });
  return success(inputs);
}
