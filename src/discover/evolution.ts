import { Stream } from '../base/random.js';
import type { Episode, EpisodeResult, Runner } from '../engine/engine.js';

/** How a loss is followed that has no derivative, or none worth having. */
export interface Evolution {
  /** Pairs of opposite changes of all coefficients, each meta-step. */
  readonly pairs: number;
  /** Standard deviation of these changes, in scaled units. */
  readonly spread: number;
  /** What they are drawn from: the same seed, the same changes. */
  readonly seed: number;
}

/** How often an episode is run for one estimate: as it is, and with every change. */
export const runsAStep = ({ pairs }: Pick<Evolution, 'pairs'>): number => 1 + 2 * pairs;

/** A gradient that was estimated. */
export interface Estimated {
  /** Of the coefficients as they are, without derivatives. */
  readonly results: readonly EpisodeResult[];
  /** In scaled units; null where no pair stayed finite. */
  readonly gradient: number[] | null;
  /** Episodes with changed coefficients that did not stay finite. */
  readonly diverged: number;
}

/**
 * The gradient of the loss smoothed over a normal distribution of coefficients (evolution strategies in
 * the form of Salimans et al. 2017): the mean over pairs of (L(c + σε) − L(c − σε)) / 2σ · ε, both on
 * the same episodes, so that what tasks differ in cancels. Episodes in which either diverges count for
 * neither. `applied` turns scaled coefficients into those of the rule.
 */
export async function estimateGradient(
  runner: Runner,
  episodes: readonly Episode[],
  { coefficients, step }: { readonly coefficients: readonly number[]; readonly step: number },
  applied: (scaled: readonly number[]) => number[],
  { pairs, spread, seed }: Evolution,
): Promise<Estimated> {
  const run = (scaled: readonly number[]): Promise<EpisodeResult[]> =>
    runner.run(episodes, applied(scaled), { gradient: false });
  const results = await run(coefficients);
  const sum = coefficients.map(() => 0);
  let [used, diverged] = [0, 0];
  for (let pair = 0; pair < pairs; pair++) {
    const stream = new Stream(seed, 'evolution', step, pair);
    const change = coefficients.map(() => stream.normal());
    const [above, below] = [
      await run(coefficients.map((value, k) => value + spread * change[k]!)),
      await run(coefficients.map((value, k) => value - spread * change[k]!)),
    ];
    const differences = above.flatMap((one, i) => {
      const other = below[i]!;
      const lost = [one, other].filter(({ divergence }) => divergence !== null).length;
      diverged += lost;
      return lost > 0 ? [] : [one.loss - other.loss];
    });
    if (differences.length === 0) continue;
    const mean = differences.reduce((a, b) => a + b, 0) / differences.length;
    for (const [k, each] of change.entries()) sum[k]! += (mean / (2 * spread)) * each;
    used += 1;
  }
  return { results, gradient: used > 0 ? sum.map((each) => each / used) : null, diverged };
}
