import { Stream } from '../../../../src/base/random.js';
import { unwrap } from '../../../../src/base/result.js';
import { gaussianInputs } from '../../../../src/tasks/inputs/gaussian.js';
import { type Matrix, scaled, type Vector } from './vectors.js';

/** Three orthogonal directions of unit length, none along an input. */
export const AXES: Matrix = [
  [2 / 3, 2 / 3, 1 / 3],
  [2 / 3, -1 / 3, -2 / 3],
  [1 / 3, -2 / 3, 2 / 3],
];

/** Variances along them. */
export const VARIANCES: Vector = [1, 0.4, 0.1];

/** Σ λ v vᵀ: a symmetric matrix from its eigenvalues and (orthonormal) eigenvectors. */
export const matrixOf = (values: Vector, axes: Matrix = AXES): number[][] =>
  axes[0]!.map((_, i) =>
    axes[0]!.map((_, j) => axes.reduce((sum, v, k) => sum + values[k]! * v[i]! * v[j]!, 0)),
  );

/**
 * One pattern along each axis, over and over: √(n λ) v. Their second moment is Σ λ v vᵀ exactly, and as
 * they are orthogonal, what a linear rule makes of them can be said in closed form.
 */
export function inTurn(variances: Vector, cycles: number, axes: Matrix = AXES): number[][] {
  const cycle = axes.map((axis, k) => scaled(Math.sqrt(axes.length * variances[k]!), axis));
  return Array.from({ length: cycles }, () => cycle).flat();
}

/** Independent draws from a normal distribution. */
export function gaussian(
  steps: number,
  { variances = VARIANCES, seed = 1 }: { variances?: Vector; seed?: number } = {},
): number[][] {
  const stream = new Stream(seed, 'behaviour', 'gaussian');
  const covariance = matrixOf(variances);
  return rows(unwrap(gaussianInputs(stream, { steps, covariance })), covariance.length);
}

/** Independent standard normal numbers. */
export function normals(steps: number, columns: number, seed: number): number[][] {
  const stream = new Stream(seed, 'behaviour', 'normals');
  return Array.from({ length: steps }, () =>
    Array.from({ length: columns }, () => stream.normal()),
  );
}

function rows(values: Float64Array, columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, t) => [
    ...values.subarray(t * columns, (t + 1) * columns),
  ]);
}
