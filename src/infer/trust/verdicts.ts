/**
 * What can be said of a term: `established`, to be believed; `tentative`, the best account of these
 * data but not beyond doubt; `not identifiable`, on these data another would do as well.
 */
export type Verdict = 'established' | 'tentative' | 'not identifiable';

/** What is known of a term that was chosen. */
export interface Evidence {
  /** Share of the resamples that chose it. */
  readonly inclusion: number;
  readonly interval: readonly [number, number] | null;
  /** Of the shift test, for this term. */
  readonly p: number;
  /** Whether another column is the same, but for a factor, in all rows. */
  readonly isAliased: boolean;
  /** Whether, where a resample did without it, mostly one and the same other term stood for it. */
  readonly isReplaceable: boolean;
}

/** Share of resamples that have to choose a term for it to be believed. */
export const ESTABLISHED = 0.9;
/** Share below which a term is not part of the rule. */
export const TENTATIVE = 0.6;
/** What the shift test has to come to. */
export const NULL_LEVEL = 0.01;
/** Shifted changes that agree with the library as well as the recorded ones this often: there is no rule. */
export const CHANCE_LEVEL = 0.05;

/** Null for a term that is not reported. */
export function verdictOf(evidence: Evidence): Verdict | null {
  const { inclusion, interval, p, isAliased, isReplaceable } = evidence;
  if (inclusion < TENTATIVE) return isReplaceable ? 'not identifiable' : null;
  const excludesZero = interval !== null && (interval[0] > 0 || interval[1] < 0);
  const isSure = inclusion >= ESTABLISHED && excludesZero && p <= NULL_LEVEL && !isAliased;
  return isSure ? 'established' : 'tentative';
}
