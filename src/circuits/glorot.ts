import type { Stream } from '../base/random.js';
import type { Shape } from '../program/ir.js';

/**
 * Glorot uniform weights: U(−a, a) with a = √(6 / (fan in + fan out)). Every matrix has a stream of its
 * own, named after it, so circuits that differ in other matrices start with the same.
 */
export function glorot(stream: Stream, name: string, [rows, columns]: Shape): Float64Array {
  const bound = Math.sqrt(6 / (rows + columns));
  const draws = stream.child('weights', name);
  return draws.uniforms(new Float64Array(rows * columns), -bound, bound);
}

/** A row-major matrix of this shape, turned. */
export function transposed(values: Float64Array, [rows, columns]: Shape): Float64Array {
  return Float64Array.from(values, (_, k) => values[(k % rows) * columns + Math.floor(k / rows)]!);
}
