import type { Moments } from '../sparse/moments.js';

/** How well a course agrees with what was recorded of it, and how that depends on directions. */
export interface Measure {
  /**
   * Of a trial: `power` is the cost of the course, `cross` half of what it falls by, to first order, in
   * each direction, `gram` half of its (expected) second derivatives; `n` counts what was recorded. So
   * the minimum of the cost is, to second order, a problem of least squares.
   */
  moments(recorded: Float64Array, course: Float64Array, tangents: readonly Float64Array[]): Moments;
  /** What the course leaves of each recorded number; 0 where there is none. */
  left(recorded: Float64Array, course: Float64Array): Float64Array;
}

/** Squares of what is left. */
export const SQUARES: Measure = {
  moments(recorded, course, tangents) {
    const sums = new Sums(tangents.length);
    const row = new Float64Array(tangents.length);
    for (let at = 0; at < recorded.length; at++) {
      if (Number.isNaN(recorded[at]!)) continue;
      const residual = recorded[at]! - course[at]!;
      for (let a = 0; a < row.length; a++) row[a] = tangents[a]![at]!;
      sums.add(row, 1, residual);
      sums.n += 1;
      sums.power += residual * residual;
    }
    return sums.moments();
  },
  left: (recorded, course) =>
    recorded.map((value, at) => (Number.isNaN(value) ? 0 : value - course[at]!)),
};

/** Sums of products over rows that come one after the other. */
export class Sums {
  n = 0;
  power = 0;
  private readonly gram: Float64Array;
  private readonly cross: Float64Array;

  constructor(size: number) {
    this.gram = new Float64Array(size * size);
    this.cross = new Float64Array(size);
  }

  /** Adds `weight` × row rowᵀ to the products, `residual` × row to those with the target. */
  add(row: Float64Array, weight: number, residual: number): void {
    const { gram, cross } = this;
    const size = cross.length;
    for (let a = 0; a < size; a++) {
      const x = row[a]!;
      if (x === 0) continue;
      cross[a]! += x * residual;
      const scaled = weight * x;
      for (let b = 0; b <= a; b++) gram[a * size + b]! += scaled * row[b]!;
    }
  }

  moments(): Moments {
    const { n, power, gram, cross } = this;
    const size = cross.length;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) gram[b * size + a] = gram[a * size + b]!;
    }
    return { n, gram, cross, power };
  }
}
