import { Stream } from '../../../src/base/random.js';

/** Rows of random numbers that share a part, so that columns are correlated. */
export function randomTable(stream: Stream, rows: number, size: number, shared = 0.5) {
  const columns = Array.from({ length: size }, () => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    const common = shared * stream.normal();
    for (const column of columns) column[row] = common + stream.normal();
  }
  return columns;
}

/** Σ coefficient × column + noise. */
export function targetOf(
  columns: readonly Float64Array[],
  coefficients: Readonly<Record<number, number>>,
  noise = 0,
  stream = new Stream(0, 'noise'),
): Float64Array {
  return Float64Array.from(columns[0]!, (_, row) => {
    let sum = noise * stream.normal();
    for (const [k, value] of Object.entries(coefficients)) sum += value * columns[Number(k)]![row]!;
    return sum;
  });
}
