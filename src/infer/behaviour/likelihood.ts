import { type Measure, Sums } from '../hidden/measure.js';
import type { Choices } from './choices.js';

/**
 * Choices against urges: the cost is the deviance, −2 log likelihood, and its second derivatives are the
 * expected ones (Fisher's information), so that a step of Gauss and Newton is one of Fisher scoring. What
 * was recorded is 1 for the chosen option and 0 for the others, `steps × options`.
 */
export function likelihoodOf({ options }: Pick<Choices, 'options'>): Measure {
  return {
    moments(recorded, course, tangents) {
      const sums = new Sums(tangents.length);
      const row = new Float64Array(tangents.length);
      const mean = new Float64Array(tangents.length);
      for (let at = 0; at < recorded.length; at += options) {
        if (Number.isNaN(recorded[at]!)) continue;
        const p = probabilities(course, at, options);
        sums.n += 1;
        sums.power += devianceOf(recorded, p, course, at);
        mean.fill(0);
        // Σ p (t − mean t)(t − mean t)ᵀ; of a single urge, the other one being always 0, p (1 − p) t tᵀ.
        if (options > 1) {
          for (let a = 0; a < mean.length; a++) {
            for (let k = 0; k < options; k++) mean[a]! += p[k]! * tangents[a]![at + k]!;
          }
        }
        for (let k = 0; k < options; k++) {
          for (let a = 0; a < row.length; a++) row[a] = tangents[a]![at + k]! - mean[a]!;
          const weight = options > 1 ? p[k]! : p[k]! * (1 - p[k]!);
          sums.add(row, weight, recorded[at + k]! - p[k]!);
        }
      }
      return sums.moments();
    },
    left(recorded, course) {
      const left = new Float64Array(recorded.length);
      for (let at = 0; at < recorded.length; at += options) {
        if (Number.isNaN(recorded[at]!)) continue;
        const p = probabilities(course, at, options);
        for (let k = 0; k < options; k++) left[at + k] = recorded[at + k]! - p[k]!;
      }
      return left;
    },
  };
}

/** Of the options whose urges stand from a place on. */
function probabilities(urges: Float64Array, at: number, options: number): Float64Array {
  const own = urges.subarray(at, at + options);
  if (options === 1) return Float64Array.of(1 / (1 + Math.exp(-own[0]!)));
  const most = Math.max(...own);
  const raised = own.map((urge) => Math.exp(urge - most));
  const sum = raised.reduce((a, b) => a + b, 0);
  return raised.map((each) => each / sum);
}

function devianceOf(
  recorded: Float64Array,
  p: Float64Array,
  urges: Float64Array,
  at: number,
): number {
  if (p.length === 1) {
    // log(1 + e^x) without overflow.
    const x = recorded[at] === 1 ? -urges[at]! : urges[at]!;
    return 2 * (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
  }
  const chosen = recorded.subarray(at, at + p.length).indexOf(1);
  return -2 * Math.log(Math.max(p[chosen]!, Number.MIN_VALUE));
}
