import type { GraphBuilder } from '../builder.js';
import type { Node } from '../ir.js';
import type { Origins } from './origins.js';
import {
  collectOuters,
  collectTerms,
  type Outer,
  type OuterTerm,
  rankOf,
  termsApart,
  termsOf,
} from './outers.js';

/** An outer product with a side that is the same in every step. */
export interface FixedOuter {
  readonly side: 'left' | 'right';
  readonly unchanging: Node;
  readonly changing: Node;
}

/**
 * Sets outer products with a side of constants apart, if that leaves fewer that change the matrix: their
 * sum over steps is one outer product, however many there are.
 */
export function splitOuters(
  b: GraphBuilder,
  outers: readonly Outer[],
  origins: Origins,
): { readonly outers: readonly Outer[]; readonly fixed: readonly FixedOuter[] } {
  const collected = collectOuters(b, outers);
  const asTheyAre = { outers: collected, fixed: [] };
  const sideOf = ({ left, right }: Outer): FixedOuter['side'] | undefined =>
    origins.isConstant(left) ? 'left' : origins.isConstant(right) ? 'right' : undefined;
  const rankWithout = (terms: readonly OuterTerm[]): number =>
    rankOf(terms.filter((term) => !sideOf(term)));
  const [whole, apart] = [termsOf(b, outers), termsApart(b, outers)];
  const terms = rankWithout(apart) < rankWithout(whole) ? apart : whole;
  const changing = terms.filter((term) => !sideOf(term));
  if (rankOf(changing) >= collected.length) return asTheyAre;
  const fixed = new Map<Node, FixedOuter>();
  for (const { left, right, factor } of terms) {
    const side = sideOf({ left, right });
    if (!side) continue;
    const [unchanging, other] = side === 'left' ? [left, right] : [right, left];
    const share = b.multiply(factor, other);
    const had = fixed.get(unchanging);
    // The same vector may stand on the left of one and on the right of another.
    if (had && had.side !== side) return asTheyAre;
    const sum = had ? b.add(had.changing, share) : share;
    fixed.set(unchanging, { side, unchanging, changing: sum });
  }
  return { outers: collectTerms(b, changing), fixed: [...fixed.values()] };
}
