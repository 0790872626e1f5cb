export type Vector = readonly number[];
/** Row by row. */
export type Matrix = readonly Vector[];

export const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
export const norm = (a: Vector): number => Math.sqrt(dot(a, a));
export const scaled = (factor: number, a: Vector): number[] => a.map((x) => factor * x);
export const plus = (a: Vector, b: Vector): number[] => a.map((x, k) => x + b[k]!);
export const minus = (a: Vector, b: Vector): number[] => a.map((x, k) => x - b[k]!);
export const total = (a: Vector): number => a.reduce((sum, x) => sum + x, 0);
export const mean = (a: Vector): number => total(a) / a.length;

/** |cos| of the angle between two vectors: 1 where they span the same line. */
export const alignment = (a: Vector, b: Vector): number =>
  Math.abs(dot(a, b)) / (norm(a) * norm(b));

export const transpose = (a: Matrix): number[][] => a[0]!.map((_, j) => a.map((row) => row[j]!));

export function product(a: Matrix, b: Matrix): number[][] {
  const columns = transpose(b);
  return a.map((row) => columns.map((column) => dot(row, column)));
}

/** The largest distance between elements; NaN if any is not a number. */
export function distance(a: Matrix, b: Matrix): number {
  return Math.max(...a.flatMap((row, i) => row.map((x, j) => Math.abs(x - b[i]![j]!))));
}

/** The mean row. */
export const meanOf = (rows: Matrix): number[] => transpose(rows).map(mean);

/** Σ x xᵀ / N over the rows: the second moment, which for inputs without a mean is their covariance. */
export const secondMoment = (rows: Matrix): number[][] =>
  product(transpose(rows), rows).map((row) => scaled(1 / rows.length, row));
