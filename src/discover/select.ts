import type { Stream } from '../base/random.js';
import { type Interval, pairedDifference } from '../experiments/intervals.js';
import type { ScoreResult, TrainResult } from './jobs.js';

/**
 * Of the terms those whose coefficient, in standardised units, is at least `threshold` times the
 * largest. None when all are zero.
 */
export function survivors(
  { names, standardised }: TrainResult,
  threshold: number,
  terms: readonly string[] = names,
): string[] {
  const sizes = terms.map((id) => Math.abs(standardised[names.indexOf(id)]!));
  const largest = Math.max(0, ...sizes);
  return terms.filter((_, k) => sizes[k]! > 0 && sizes[k]! >= threshold * largest);
}

/** Cross-entropy put in place of a task that diverged when candidates are compared: far above chance. */
const DIVERGED_LOSS = 10;

/**
 * What stands for the loss of a task that diverged when rules are compared on the same tasks. Losses
 * other than the cross-entropy have any size: it is twice the largest of those that are compared.
 */
function divergedLoss(among: readonly ScoreResult[]): number {
  if (among.every(({ accuracies }) => accuracies !== null)) return DIVERGED_LOSS;
  const losses = among.flatMap((score) => score.losses.filter((loss) => loss !== null));
  return losses.length === 0 ? 1 : Math.max(...losses.map((loss) => 2 * Math.abs(loss)));
}

export function comparableLosses(score: ScoreResult, among: readonly ScoreResult[]): number[] {
  const worst = divergedLoss(among);
  return score.losses.map((loss) => Math.min(loss ?? worst, worst));
}

export const meanLoss = (score: ScoreResult, among: readonly ScoreResult[]): number => {
  const losses = comparableLosses(score, among);
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
};

/** How much the loss rises, task by task, when a term is left out of the rule. */
export function dropEffect(
  whole: ScoreResult,
  without: ScoreResult,
  level: number,
  stream: Stream,
): Interval {
  const both = [whole, without];
  const [left, right] = [comparableLosses(without, both), comparableLosses(whole, both)];
  return pairedDifference(left, right, level, stream);
}

/** The term without which the loss rises least; null where there is none. */
export function leastOf(effects: ReadonlyMap<string, Interval>): string | null {
  let least: { id: string; effect: Interval } | null = null;
  for (const [id, effect] of effects) {
    if (!least || effect.mean < least.effect.mean) least = { id, effect };
  }
  return least?.id ?? null;
}

/** That term, if leaving it out does not clearly raise the loss. */
export function leastMissed(effects: ReadonlyMap<string, Interval>): string | null {
  const least = leastOf(effects);
  return least !== null && effects.get(least)!.lo <= 0 ? least : null;
}
