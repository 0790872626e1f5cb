import { growFactor } from '../sparse/least-squares.js';
import type { Moments } from '../sparse/moments.js';
import { type Standardised, standardise } from '../sparse/standardise.js';

/** A term that is nearly a sum of a few simpler ones in all rows. */
export interface NearAlias {
  readonly term: number;
  readonly of: readonly { readonly term: number; readonly factor: number }[];
  /** Root mean square of what the sum leaves of the term, as a share of the term's. */
  readonly within: number;
  /** Terms that are nearly alike because these are: both sides multiplied by the same. */
  readonly consequences: readonly number[];
}

/** Shares of a term that are left, up to which a sum counts as nearly the term. */
const NEARLY = 0.05;
/** Terms of such a sum at most. */
const MOST_PARTS = 3;
/** A sum of more terms has to be so many times as near. */
const BETTER = 3;
/** What follows from another one may be this much further off. */
const LOOSER = 2;

/**
 * Null directions of the correlation matrix in which few terms take part, as sums for the less simple
 * term: terms go in from the simplest on, and each is approached by those before it that are no such sum
 * themselves, one after another by how much of what is left they explain (orthogonal matching pursuit).
 * `product(a, b, c)` is the place of the term that is to c as a is to b; undefined where there is none.
 * `order` has no two terms that are the same in every row.
 */
export function findNearAliases(
  moments: Moments,
  order: readonly number[],
  product: (a: number, b: number, c: number) => number | undefined,
): NearAlias[] {
  const standardised = standardise(moments);
  const found: (NearAlias & { readonly consequences: number[] })[] = [];
  const basis: number[] = [];
  for (const term of order) {
    const known = found.find((alias) => follows(alias, term, standardised, product));
    if (known) {
      known.consequences.push(term);
      continue;
    }
    const sum = approached(term, basis, standardised);
    if (sum) found.push({ ...sum, consequences: [] });
    else basis.push(term);
  }
  return found;
}

function approached(
  term: number,
  basis: readonly number[],
  standardised: Standardised,
): Omit<NearAlias, 'consequences'> | null {
  const { gram, size, scale } = standardised;
  const cross = gram.slice(term * size, (term + 1) * size);
  const toward = { ...standardised, cross, targetScale: scale[term]! };
  const parts: number[] = [];
  let residual = cross;
  while (parts.length < Math.min(MOST_PARTS, basis.length)) {
    const next = basis
      .filter((each) => !parts.includes(each))
      .reduce((a, b) => (Math.abs(residual[b]!) > Math.abs(residual[a]!) ? b : a));
    const factor = growFactor(toward, [...parts, next]);
    if (factor.used.length === parts.length) break;
    parts.push(next);
    const solution = factor.solve(parts.length);
    residual = cross.map((each, at) =>
      parts.reduce((sum, part, k) => sum - solution[k]! * gram[part * size + at]!, each),
    );
  }
  // A part that went in early may have been for others that came later.
  let best: Omit<NearAlias, 'consequences'> | null = null;
  for (const some of subsets(parts)) {
    const factor = growFactor(toward, some);
    const within = Math.sqrt(factor.left(some.length));
    const least = best ? best.within / (some.length > best.of.length ? BETTER : 1) : NEARLY;
    if (!(within < least)) continue;
    const solution = factor.solve(some.length);
    const of = some.map((part, k) => ({
      term: part,
      factor: (solution[k]! * scale[term]!) / scale[part]!,
    }));
    best = { term, within, of };
  }
  if (!best) return null;
  const of = basis.flatMap((each) => best.of.find((part) => part.term === each) ?? []).reverse();
  return { ...best, of };
}

/** All but the empty one, the smaller ones first. */
function subsets(items: readonly number[]): number[][] {
  const all: number[][] = [[]];
  for (const item of items) all.push(...all.map((each) => [...each, item]));
  return all.slice(1).sort((a, b) => a.length - b.length);
}

/** Whether a term is nearly such a sum because another is. */
function follows(
  alias: NearAlias,
  term: number,
  { gram, size, scale }: Standardised,
  product: (a: number, b: number, c: number) => number | undefined,
): boolean {
  const parts = [{ at: term, weight: 1 }];
  for (const { term: part, factor } of alias.of) {
    const at = product(term, alias.term, part);
    if (at === undefined) return false;
    parts.push({ at, weight: (-factor * scale[at]!) / scale[term]! });
  }
  let left = 0;
  for (const a of parts) {
    for (const b of parts) left += a.weight * b.weight * gram[a.at * size + b.at]!;
  }
  return left <= (LOOSER * NEARLY) ** 2;
}
