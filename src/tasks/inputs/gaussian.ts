import { covarianceWrong, meanWrong } from '../../base/diagnostics/circuit.js';
import type { Stream } from '../../base/random.js';
import { failure, type Result, success } from '../../base/result.js';

export interface GaussianOptions {
  readonly steps: number;
  /** Square, symmetric, without negative eigenvalues; its size is the number of inputs. */
  readonly covariance: readonly (readonly number[])[];
  /** Default: 0 everywhere. */
  readonly mean?: readonly number[];
}

/** Independent draws from a normal distribution with this mean and covariance: `steps × inputs`. */
export function gaussianInputs(stream: Stream, options: GaussianOptions): Result<Float64Array> {
  const { steps, covariance } = options;
  const n = covariance.length;
  const mean = options.mean ?? covariance.map(() => 0);
  if (mean.length !== n) return failure(meanWrong({ given: mean.length, expected: n }));
  const root = squareRoot(covariance);
  if (!root.ok) return root;
  const inputs = new Float64Array(steps * n);
  for (let t = 0; t < steps; t++) {
    const z = Array.from({ length: n }, () => stream.normal());
    for (let i = 0; i < n; i++) {
      const row = root.value[i]!;
      inputs[t * n + i] = row.reduce((sum, l, k) => sum + l * z[k]!, mean[i]!);
    }
  }
  return success(inputs);
}

/** What a variance may fall below 0 by rounding, relative to the largest. */
const ROUNDING = 1e-10;

/** The lower triangular L with L Lᵀ = C (Cholesky); where a direction has no variance its column is 0. */
function squareRoot(covariance: readonly (readonly number[])[]): Result<number[][]> {
  const n = covariance.length;
  if (n === 0 || covariance.some((row) => row.length !== n)) {
    return failure(covarianceWrong({ problem: 'shape' }));
  }
  const largest = Math.max(...covariance.map((row, i) => Math.abs(row[i]!)));
  const tolerance = ROUNDING * largest;
  const lower = covariance.map(() => new Array<number>(n).fill(0));
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      const c = covariance[i]![j]!;
      if (!Number.isFinite(c)) return failure(covarianceWrong({ problem: 'number' }));
      if (!(Math.abs(c - covariance[j]![i]!) <= tolerance)) {
        return failure(covarianceWrong({ problem: 'symmetry' }));
      }
      let rest = c;
      for (let k = 0; k < j; k++) rest -= lower[i]![k]! * lower[j]![k]!;
      if (i === j) {
        if (rest < -tolerance) return failure(covarianceWrong({ problem: 'sign' }));
        lower[j]![j] = rest <= tolerance ? 0 : Math.sqrt(rest);
      } else if (lower[j]![j]! > 0) {
        lower[i]![j] = rest / lower[j]![j]!;
      } else if (Math.abs(rest) > Math.sqrt(tolerance * largest)) {
        // Without a variance there is no covariance: |c_ij|² ≤ c_ii c_jj.
        return failure(covarianceWrong({ problem: 'sign' }));
      }
    }
  }
  return success(lower);
}
