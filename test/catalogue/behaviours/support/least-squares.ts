import type { Matrix } from './vectors.js';
import { dot, minus, product, scaled, transpose } from './vectors.js';

/**
 * The weights that minimise Σ (W x − t)² + ridge |W|² over rows of inputs and of targets, by Gaussian
 * elimination.
 */
export function ridgeSolution(inputs: Matrix, targets: Matrix, ridge: number): number[][] {
  const moments = product(transpose(inputs), inputs).map((row, i) =>
    row.map((value, j) => value + (i === j ? ridge : 0)),
  );
  const sides = product(transpose(inputs), targets);
  const rows = moments.map((row, i) => [...row, ...sides[i]!]);
  rows.forEach((pivot, i) => {
    rows[i] = scaled(1 / pivot[i]!, pivot);
    rows.forEach((other, k) => {
      if (k !== i) rows[k] = minus(other, scaled(other[i]!, rows[i]!));
    });
  });
  return transpose(rows.map((row) => row.slice(inputs[0]!.length)));
}

/** What `whiten` gives, and its matrix afterwards: P starts at I / ridge. */
export function whitened(
  p: Matrix,
  x: readonly number[],
  gate: number,
): { k: number[]; p: number[][] } {
  const px = p.map((row) => dot(row, x));
  const k = scaled(1 / (1 + dot(x, px)), px);
  return { k, p: p.map((row, i) => minus(row, scaled(gate * k[i]!, px))) };
}
