import type { Interval } from '../experiments/intervals.js';
import type { DiscoveredTerm } from './result.js';
import { studentReach } from './student.js';

/** Share of the searches in which a term must be found to be in the rule. */
export const TENTATIVE = 0.6;
/** Share in which one must be found to be called established. */
const ESTABLISHED = 0.9;

/** Terms by name, in the order of the space. */
export type Support = ReadonlySet<string>;

/** Share of the supports that have each term; terms that none has are not there. */
export function inclusions(supports: readonly Support[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const support of supports) {
    for (const id of support) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return new Map([...counts].map(([id, count]) => [id, count / supports.length]));
}

/**
 * Terms that seem to stand in for one another: no two of them are ever found together, and nearly
 * every support has one of them. The one that is found most comes first, of equals the earlier one.
 */
export function substitutes(supports: readonly Support[]): string[][] {
  const shares = [...inclusions(supports)].sort((a, b) => b[1] - a[1]);
  const taken = new Set<string>();
  const groups: string[][] = [];
  for (const [id, share] of shares) {
    if (taken.has(id) || share === 1) continue;
    const group = [id];
    for (const [other] of shares) {
      if (group.includes(other) || taken.has(other)) continue;
      const isApart = supports.every(
        (each) => !each.has(other) || group.every((one) => !each.has(one)),
      );
      if (isApart) group.push(other);
    }
    const covered = supports.filter((each) => group.some((one) => each.has(one))).length;
    if (group.length === 1 || covered < ESTABLISHED * supports.length) continue;
    for (const one of group) taken.add(one);
    groups.push(group);
  }
  return groups;
}

/** What is known of a term of the rule. */
export interface Evidence {
  readonly inclusion: number;
  /** Of its coefficient; null where it has none. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Rise of the loss without it, on tasks that no search has seen. */
  readonly effect: Interval | null;
  /** Whether another term does as well in its place. */
  readonly hasAlias: boolean;
}

export function verdictOn(evidence: Evidence): DiscoveredTerm['verdict'] {
  const { inclusion, interval, effect, hasAlias } = evidence;
  if (hasAlias) return 'not identifiable';
  const isSure =
    inclusion >= ESTABLISHED &&
    interval !== null &&
    excludesZero(interval) &&
    (effect?.lo ?? 0) > 0;
  return isSure ? 'established' : 'tentative';
}

export const excludesZero = ([low, high]: readonly [number, number]): boolean =>
  low > 0 || high < 0;

/** The interval of the mean of values that were found independently of one another; at least two. */
export function intervalOfMean(
  values: readonly number[],
  level: number,
): readonly [low: number, high: number] {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const reach = studentReach(level, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return [mean - reach, mean + reach];
}
