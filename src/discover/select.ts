import type { Stream } from '../base/random.js';
import { type Interval, pairedDifference } from './intervals.js';
import type { ScoreResult, TrainResult } from './jobs.js';

/**
 * The names whose coefficient, in standardised units, is at least `threshold` times the largest.
 * None when all are zero.
 */
export function survivors(search: TrainResult, threshold: number): string[] {
  const sizes = search.standardised.map(Math.abs);
  const largest = Math.max(0, ...sizes);
  return search.names.filter((_, k) => sizes[k]! > 0 && sizes[k]! >= threshold * largest);
}

/** Cross-entropy put in place of a task that diverged when candidates are compared: far above chance. */
const DIVERGED_LOSS = 10;

export function comparableLosses(score: ScoreResult): number[] {
  return score.losses.map((loss) => Math.min(loss ?? DIVERGED_LOSS, DIVERGED_LOSS));
}

export const meanLoss = (score: ScoreResult): number => {
  const losses = comparableLosses(score);
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
};

/** How much the loss rises, task by task, when a term is left out of the rule. */
export function dropEffect(
  whole: ScoreResult,
  without: ScoreResult,
  level: number,
  stream: Stream,
): Interval {
  return pairedDifference(comparableLosses(without), comparableLosses(whole), level, stream);
}

/** The term that is least missed, if leaving it out does not clearly raise the loss. */
export function leastMissed(effects: ReadonlyMap<string, Interval>): string | null {
  let least: { id: string; effect: Interval } | null = null;
  for (const [id, effect] of effects) {
    if (!least || effect.mean < least.effect.mean) least = { id, effect };
  }
  return least && least.effect.lo <= 0 ? least.id : null;
}
