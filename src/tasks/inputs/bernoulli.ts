import { inputOutOfRange } from '../../base/diagnostics/circuit.js';
import type { Stream } from '../../base/random.js';
import { failure, type Result, success } from '../../base/result.js';

export interface BernoulliOptions {
  readonly steps: number;
  /** Probability of each input to be `high`. */
  readonly probabilities: readonly number[];
  /** Default: 0. */
  readonly low?: number;
  /** Default: 1. */
  readonly high?: number;
}

/** Patterns of independent inputs with two values: `steps × inputs`. */
export function bernoulliPatterns(stream: Stream, options: BernoulliOptions): Result<Float64Array> {
  const { steps, probabilities, low = 0, high = 1 } = options;
  const wrong = probabilities.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) {
    const expected = 'from 0 to 1';
    return failure(inputOutOfRange({ what: 'a probability', given: wrong, expected }));
  }
  const n = probabilities.length;
  return success(
    Float64Array.from({ length: steps * n }, (_, k) =>
      stream.uniform() < probabilities[k % n]! ? high : low,
    ),
  );
}
