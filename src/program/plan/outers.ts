import type { GraphBuilder } from '../builder.js';
import type { Node } from '../ir.js';
import { addendsOf, isZero, withoutFactor } from './vectors.js';

/** leftᵀ right of two rows, `[1, m]` and `[1, n]`: a matrix of rank one. */
export interface Outer {
  readonly left: Node;
  readonly right: Node;
}

/** An outer product times a number; no number is left in its sides. */
export interface OuterTerm extends Outer {
  readonly factor: Node;
}

/**
 * As few outer products with the same sum: those with equal left sides become one, and those with equal
 * right sides, whatever numbers they are multiplied by. Sums within the sides are taken apart where that
 * makes them fewer.
 */
export function collectOuters(b: GraphBuilder, outers: readonly Outer[]): Outer[] {
  return collectTerms(b, fewestTerms(b, outers));
}

/** Sums of outer products as terms: with the sums in their sides taken apart only if they become fewer. */
function fewestTerms(b: GraphBuilder, outers: readonly Outer[]): OuterTerm[] {
  const whole = termsOf(b, outers);
  const apart = termsApart(b, outers);
  return rankOf(apart) < rankOf(whole) ? apart : whole;
}

/** Each outer product as one term; equal ones are added up. */
export function termsOf(b: GraphBuilder, outers: readonly Outer[]): OuterTerm[] {
  return merged(
    b,
    outers.map(({ left, right }) => {
      const [l, r] = [withoutFactor(b, left), withoutFactor(b, right)];
      return { left: l.rest, right: r.rest, factor: b.multiply(l.factor, r.factor) };
    }),
  );
}

/** The same with the sums in both sides multiplied out. */
export function termsApart(b: GraphBuilder, outers: readonly Outer[]): OuterTerm[] {
  return merged(
    b,
    outers.flatMap(({ left, right }) => {
      const rights = addendsOf(b, right);
      return addendsOf(b, left).flatMap((l) =>
        rights.map((r) => ({
          left: l.rest,
          right: r.rest,
          factor: b.multiply(l.factor, r.factor),
        })),
      );
    }),
  );
}

function merged(b: GraphBuilder, terms: readonly OuterTerm[]): OuterTerm[] {
  const known = new Map<string, OuterTerm>();
  for (const term of terms) {
    if (isZero(term.left) || isZero(term.right)) continue;
    const key = `${term.left.id} ${term.right.id}`;
    const had = known.get(key);
    known.set(key, had ? { ...had, factor: b.add(had.factor, term.factor) } : term);
  }
  return [...known.values()].filter(({ factor }) => !isZero(factor));
}

/** How many outer products these terms come to when equal sides are shared. */
export function rankOf(terms: readonly OuterTerm[]): number {
  const { lefts, rights } = sharedSides(terms);
  return lefts.size + rights.size;
}

/** One outer product for each side that is shared. */
export function collectTerms(b: GraphBuilder, terms: readonly OuterTerm[]): Outer[] {
  const { lefts, rights } = sharedSides(terms);
  const scaled = ({ factor }: OuterTerm, side: Node): Node => b.multiply(factor, side);
  const ofLeft = [...lefts].map((left) => ({
    left,
    right: b.total(terms.filter((t) => t.left === left).map((t) => scaled(t, t.right)))!,
  }));
  const others = terms.filter(({ left }) => !lefts.has(left));
  const ofRight = [...rights].map((right) => ({
    left: b.total(others.filter((t) => t.right === right).map((t) => scaled(t, t.left)))!,
    right,
  }));
  return [...ofLeft, ...ofRight];
}

/**
 * The fewest sides such that every term has one of them: a smallest vertex cover of the graph that has
 * sides as vertices and terms as edges, found from a largest matching (Kőnig).
 */
function sharedSides(terms: readonly OuterTerm[]): { lefts: Set<Node>; rights: Set<Node> } {
  const neighbours = new Map<Node, Node[]>();
  for (const { left, right } of terms) {
    neighbours.set(left, [...(neighbours.get(left) ?? []), right]);
  }
  const leftOf = new Map<Node, Node>();
  const augment = (left: Node, tried: Set<Node>): boolean =>
    neighbours.get(left)!.some((right) => {
      if (tried.has(right)) return false;
      tried.add(right);
      const holder = leftOf.get(right);
      if (holder && !augment(holder, tried)) return false;
      leftOf.set(right, left);
      return true;
    });
  for (const left of neighbours.keys()) augment(left, new Set());

  const matched = new Set(leftOf.values());
  const [lefts, rights] = [new Set<Node>(), new Set<Node>()];
  const reach = (left: Node): void => {
    if (lefts.has(left)) return;
    lefts.add(left);
    for (const right of neighbours.get(left)!) {
      if (rights.has(right)) continue;
      rights.add(right);
      reach(leftOf.get(right)!);
    }
  };
  for (const left of neighbours.keys()) if (!matched.has(left)) reach(left);
  // What alternating paths from unmatched vertices reach is covered from the right.
  const cover = new Set([...neighbours.keys()].filter((left) => !lefts.has(left)));
  return { lefts: cover, rights };
}
