import { DEPENDENT } from '../sparse/least-squares.js';
import type { Moments } from '../sparse/moments.js';

/** Moments from which some columns have been taken out, and how these follow the others. */
export interface Eliminated {
  /** Of the first columns, when the last ones take the values that fit best. */
  readonly moments: Moments;
  /** The best values of the last columns for given ones of the first. */
  follow(first: Float64Array): Float64Array;
  /** What of a first column the last ones explain: one factor each. */
  readonly shares: (column: number) => Float64Array;
}

/**
 * Takes the columns from `size` on out of a linear problem (Frisch, Waugh and Lovell): what is left of the
 * others, and of the target, when these are fitted as well. Columns that depend on those before them stay
 * at 0.
 */
export function eliminate({ n, gram, cross, power }: Moments, size: number): Eliminated {
  const all = cross.length;
  const width = all + 1;
  const matrix = new Float64Array(width * width);
  for (let a = 0; a < all; a++) {
    matrix.set(gram.subarray(a * all, (a + 1) * all), a * width);
    matrix[a * width + all] = cross[a]!;
    matrix[all * width + a] = cross[a]!;
  }
  matrix[width * width - 1] = power;
  let taken = 0;
  for (let column = size; column < all; column++) {
    const pivot = matrix[column * width + column]!;
    if (!(pivot > DEPENDENT * gram[column * all + column]!)) {
      for (let k = 0; k < width; k++) matrix[column * width + k] = 0;
      for (let k = 0; k < width; k++) matrix[k * width + column] = 0;
      continue;
    }
    taken += 1;
    sweep(matrix, width, column, pivot);
  }
  const reduced = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    reduced.set(matrix.subarray(a * width, a * width + size), a * size);
  }
  const at = (row: number, column: number): number => matrix[row * width + column]!;
  return {
    moments: {
      n: Math.max(1, n - taken),
      gram: reduced,
      cross: Float64Array.from({ length: size }, (_, k) => at(k, all)),
      power: Math.max(0, at(all, all)),
    },
    follow: (first) =>
      Float64Array.from({ length: all - size }, (_, k) => {
        let value = at(size + k, all);
        for (let a = 0; a < size; a++) value -= at(size + k, a) * first[a]!;
        return value;
      }),
    shares: (column) => Float64Array.from({ length: all - size }, (_, k) => at(size + k, column)),
  };
}

function sweep(matrix: Float64Array, width: number, column: number, pivot: number): void {
  const row = matrix.slice(column * width, (column + 1) * width);
  for (let a = 0; a < width; a++) {
    const factor = row[a]! / pivot;
    if (a === column || factor === 0) continue;
    for (let b = 0; b < width; b++) matrix[a * width + b]! -= factor * row[b]!;
  }
  for (let b = 0; b < width; b++) {
    matrix[column * width + b] = row[b]! / pivot;
    matrix[b * width + column] = row[b]! / pivot;
  }
  matrix[column * width + column] = -1 / pivot;
}
