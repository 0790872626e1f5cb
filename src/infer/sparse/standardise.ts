import type { Moments } from './moments.js';

/** Moments in units in which every column, and the target, has mean square 1. */
export interface Standardised {
  readonly size: number;
  readonly n: number;
  /** K × K; 1 on the diagonal, but 0 for a column of zeros. */
  readonly gram: Float64Array;
  readonly cross: Float64Array;
  /** Root mean square of each column; 0 for a column of zeros. */
  readonly scale: Float64Array;
  /** Root mean square of the target. */
  readonly targetScale: number;
}

/** A coefficient is the standardised one × `targetScale` / `scale`. */
export function standardise({ n, gram, cross, power }: Moments): Standardised {
  const size = cross.length;
  const scale = Float64Array.from(cross, (_, k) => Math.sqrt(gram[k * size + k]! / n));
  const targetScale = Math.sqrt(power / n);
  const inverse = scale.map((each) => (each > 0 ? 1 / each : 0));
  const target = targetScale > 0 ? 1 / targetScale : 0;
  return {
    size,
    n,
    gram: gram.map((sum, i) => (sum / n) * inverse[Math.floor(i / size)]! * inverse[i % size]!),
    cross: cross.map((sum, k) => (sum / n) * inverse[k]! * target),
    scale,
    targetScale,
  };
}
