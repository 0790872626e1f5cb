import type { Term } from '../../algebra/types.js';

/** How a term that is not in a rule changes the rule's loss, at first order. */
export interface Standing {
  readonly id: string;
  /** Mean slope over its standard error, both of winsorised slopes. */
  readonly score: number;
  /** Mean slope in the term's unit: how fast the loss falls along an update of the same size. */
  readonly gain: number;
  /** Other terms of the same class: over the episodes their slopes are nearly proportional. */
  readonly aliases: readonly string[];
}

/** Slopes further from the median than this many standard deviations (from the median deviation) are cut. */
const WINSOR = 3;
/** From the median absolute deviation to the standard deviation of a normal distribution. */
const NORMAL_MAD = 1.4826;
/** How parallel the slopes of two terms are, over episodes, that count as one. */
const SAME = 0.98;

/**
 * The terms by how clearly they change the loss. `slopes` are one row an episode, one column a term;
 * `units` one number a term. Of each class of aliases only the simplest term stands, with the others
 * named; of equally simple ones the first. Terms whose slope is always 0 do not stand.
 */
export function standings(
  terms: readonly Term[],
  slopes: readonly (readonly number[])[],
  units: readonly number[],
): Standing[] {
  const columns = terms.map((_, k) => winsorised(slopes.map((row) => row[k]!)));
  const order = terms.map((_, k) => k).filter((k) => columns[k]!.some((slope) => slope !== 0));
  order.sort((a, b) => terms[a]!.complexity - terms[b]!.complexity || a - b);
  const classes: { first: number; others: number[] }[] = [];
  for (const k of order) {
    const same = classes.find(({ first }) => isSame(columns[first]!, columns[k]!));
    if (same) same.others.push(k);
    else classes.push({ first: k, others: [] });
  }
  return classes
    .sort((a, b) => a.first - b.first)
    .map(({ first, others }) => ({
      id: terms[first]!.id,
      score: studentised(columns[first]!),
      gain: mean(columns[first]!) * units[first]!,
      aliases: others.map((k) => terms[k]!.id),
    }));
}

/**
 * `count` of them: in turn the clearest (greatest score) and the steepest (greatest gain) of those
 * that are left, so that neither a small but regular slope nor a large but noisy one is passed over.
 */
export function shortlist(all: readonly Standing[], count: number): Standing[] {
  const by = (size: (each: Standing) => number): Standing[] =>
    [...all].sort((a, b) => Math.abs(size(b)) - Math.abs(size(a)));
  const [clearest, steepest] = [by(({ score }) => score), by(({ gain }) => gain)];
  const taken = new Set<Standing>();
  for (let k = 0; k < all.length && taken.size < count; k++) {
    taken.add(clearest[k]!);
    if (taken.size < count) taken.add(steepest[k]!);
  }
  return [...taken];
}

function winsorised(values: readonly number[]): number[] {
  const middle = median(values);
  const spread = NORMAL_MAD * median(values.map((value) => Math.abs(value - middle)));
  // More than half are the same: nothing tells what is far from them.
  if (spread === 0) return [...values];
  const [low, high] = [middle - WINSOR * spread, middle + WINSOR * spread];
  return values.map((value) => Math.min(Math.max(value, low), high));
}

/**
 * Proportional, as far as the episodes tell: parallel, and parallel still once the means are taken away,
 * since slopes that are nearly the same in all episodes are parallel to any others of that kind.
 */
function isSame(one: readonly number[], other: readonly number[]): boolean {
  const parallel = (a: readonly number[], b: readonly number[]): number =>
    Math.abs(product(a, b)) / Math.sqrt(product(a, a) * product(b, b));
  const centred = (all: readonly number[]): number[] => all.map((value) => value - mean(all));
  return parallel(one, other) > SAME && parallel(centred(one), centred(other)) > SAME;
}

function studentised(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  return error > 0 ? centre / error : 0;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(half)]!
    : (sorted[half - 1]! + sorted[half]!) / 2;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const product = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, k) => sum + value * b[k]!, 0);
