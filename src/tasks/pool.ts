import { poolDoesNotDivide } from '../base/diagnostics/data.js';
import { failure, type Result, success } from '../base/result.js';
import type { ImageSet } from './types.js';

/** The factors by which images of this size can be pooled. */
export function poolFactors(height: number, width: number): number[] {
  const all = Array.from({ length: Math.min(height, width) }, (_, i) => i + 1);
  return all.filter((factor) => height % factor === 0 && width % factor === 0);
}

/** The set with each block of `factor × factor` pixels replaced by its mean. */
export function poolImages(set: ImageSet, factor: number): Result<ImageSet> {
  const { height, width, pixels, labels } = set;
  const choices = poolFactors(height, width);
  if (!choices.includes(factor)) {
    return failure(poolDoesNotDivide({ factor, height, width, choices }));
  }
  if (factor === 1) return success(set);
  const rows = height / factor;
  const columns = width / factor;
  const pooled = new Float32Array(labels.length * rows * columns);
  for (let image = 0; image < labels.length; image++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let dy = 0; dy < factor; dy++) {
          const start = (image * height + row * factor + dy) * width + column * factor;
          for (let dx = 0; dx < factor; dx++) sum += pixels[start + dx]!;
        }
        pooled[(image * rows + row) * columns + column] = sum / (factor * factor);
      }
    }
  }
  return success({ ...set, height: rows, width: columns, pixels: pooled });
}
