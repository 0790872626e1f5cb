import { inputOutOfRange } from '../../base/diagnostics/circuit.js';
import type { Stream } from '../../base/random.js';
import { failure, type Result, success } from '../../base/result.js';

export interface PoissonOptions {
  readonly steps: number;
  /** Spikes per second of each neuron; or of each neuron in a step. */
  readonly rates: readonly number[] | ((step: number) => readonly number[]);
  /** Length of a step in milliseconds. */
  readonly stepLength: number;
}

/** Spike counts of independent Poisson neurons: `steps × neurons`. */
export function poissonSpikes(stream: Stream, options: PoissonOptions): Result<Float64Array> {
  const { steps, rates, stepLength } = options;
  const at = typeof rates === 'function' ? rates : () => rates;
  const counts: number[] = [];
  for (let t = 0; t < steps; t++) {
    for (const rate of at(t)) {
      const mean = (rate * stepLength) / 1000;
      if (!(mean >= 0 && mean <= MOST)) {
        const expected = 'from 0, and at most a million spikes a step';
        return failure(inputOutOfRange({ what: 'a rate', given: rate, expected }));
      }
      counts.push(poisson(stream, mean));
    }
  }
  return success(Float64Array.from(counts));
}

const MOST = 1e6;
/** exp(−mean) must not vanish. */
const PART = 500;

/** A Poisson count: how many uniform factors it takes to fall below exp(−mean) (Knuth). */
function poisson(stream: Stream, mean: number): number {
  let count = 0;
  for (let rest = mean; rest > 0; rest -= PART) {
    const least = Math.exp(-Math.min(rest, PART));
    for (let p = stream.uniform(); p > least; p *= stream.uniform()) count += 1;
  }
  return count;
}
