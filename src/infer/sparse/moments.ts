/**
 * What a linear fit needs to know of a table: sums of products. Rows add up, so the moments of a
 * resample are a weighted sum of its blocks' moments, whatever the number of rows.
 */
export interface Moments {
  /** Rows that went in, or the sum of their weights. */
  readonly n: number;
  /** K × K, row-major: Σ x_a x_b. */
  readonly gram: Float64Array;
  /** K: Σ x_a y. */
  readonly cross: Float64Array;
  /** Σ y². */
  readonly power: number;
}

/**
 * Moments of columns and a target, over all rows or those named (a row named twice counts twice).
 * Throws a `RangeError` for columns of unequal length or a row that there is none of.
 */
export function momentsOf(
  columns: readonly Float64Array[],
  target: Float64Array,
  rows?: Int32Array,
): Moments {
  for (const column of columns) {
    if (column.length !== target.length) {
      throw new RangeError(`a column of ${column.length} rows beside a target of ${target.length}`);
    }
  }
  if (rows?.some((row) => row < 0 || row >= target.length)) throw new RangeError('no such row');
  const x = rows ? columns.map((column) => gathered(column, rows)) : columns;
  const y = rows ? gathered(target, rows) : target;
  const size = x.length;
  const gram = new Float64Array(size * size);
  const cross = new Float64Array(size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const product = dot(x[a]!, x[b]!);
      gram[a * size + b] = product;
      gram[b * size + a] = product;
    }
    cross[a] = dot(x[a]!, y);
  }
  return { n: y.length, gram, cross, power: dot(y, y) };
}

export const addMoments = (a: Moments, b: Moments): Moments => combineMoments([a, b], [1, 1]);

/** Σ weight × moments. Throws a `RangeError` where there are none, or of different sizes. */
export function combineMoments(
  moments: readonly Moments[],
  weights: ArrayLike<number> = new Float64Array(moments.length).fill(1),
): Moments {
  const size = moments[0]?.cross.length;
  if (size === undefined) throw new RangeError('the sum of no moments');
  if (weights.length !== moments.length) throw new RangeError('not one weight for each');
  const gram = new Float64Array(size * size);
  const cross = new Float64Array(size);
  let n = 0;
  let power = 0;
  for (const [k, each] of moments.entries()) {
    if (each.cross.length !== size) throw new RangeError('moments of different sizes');
    const weight = weights[k]!;
    if (weight === 0) continue;
    for (let i = 0; i < gram.length; i++) gram[i]! += weight * each.gram[i]!;
    for (let i = 0; i < size; i++) cross[i]! += weight * each.cross[i]!;
    n += weight * each.n;
    power += weight * each.power;
  }
  return { n, gram, cross, power };
}

/**
 * Σ a b over all rows, or those from one to before another. Four sums side by side: faster, and rounding
 * errors of long columns grow less.
 */
export function dot(a: Float64Array, b: Float64Array, from = 0, to = a.length): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = from;
  for (; i + 3 < to; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (; i < to; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

function gathered(column: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) out[k] = column[rows[k]!]!;
  return out;
}
