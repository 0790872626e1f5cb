import { gatesKey } from './gates.js';
import * as Q from './rational.js';
import type { Polynomial, Rational, Term, TermLibrary } from './types.js';

/** Spaces with more terms than this are not looked through for dependences. */
const MOST_TERMS = 500;

type Combination = Map<string, Rational>;

interface Row {
  /** By monomial, without zeros. */
  readonly values: Combination;
  /** Which terms it is made of. */
  readonly from: Combination;
}

/**
 * Linear dependences among terms: every term that is a sum of multiples of earlier ones, with the
 * coefficients of that sum, exactly. Terms are taken as sums over monomials, so what only holds by
 * the values of signals (such as y = softplus(u)) is not among them.
 */
export function linearDependences(
  terms: readonly Pick<Term, 'id' | 'gates' | 'normalForm'>[],
): TermLibrary['dependences'] {
  if (terms.length > MOST_TERMS) return [];
  // Rows by their pivot: a monomial that no other row has.
  const rows = new Map<string, Row>();
  const found: TermLibrary['dependences'][number][] = [];
  for (const { id, gates, normalForm } of terms) {
    const row: Row = {
      values: valuesOf(gatesKey(gates), normalForm),
      from: new Map([[id, Q.ONE]]),
    };
    for (const key of [...row.values.keys()]) {
      const pivot = rows.get(key);
      if (pivot) subtract(row, pivot, row.values.get(key) ?? Q.ZERO);
    }
    const [first] = row.values;
    if (!first) {
      const order = new Map(terms.map((term, i) => [term.id, i]));
      found.push(
        [...row.from]
          .sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
          .map(([term, coefficient]) => ({ id: term, coefficient: Q.toNumber(coefficient) })),
      );
      continue;
    }
    const [pivot, lead] = first;
    scale(row, Q.invert(lead));
    for (const other of rows.values()) {
      const value = other.values.get(pivot);
      if (value) subtract(other, row, value);
    }
    rows.set(pivot, row);
  }
  return found;
}

/** Products under different gates have nothing to do with each other. */
function valuesOf(gates: string, p: Polynomial): Combination {
  return new Map(p.monomials.map((m) => [`${gates} ${m.key}`, m.coefficient]));
}

function scale({ values, from }: Row, factor: Rational): void {
  for (const side of [values, from]) {
    for (const [key, value] of side) side.set(key, Q.multiply(value, factor));
  }
}

function subtract(row: Row, other: Row, times: Rational): void {
  for (const side of ['values', 'from'] as const) {
    for (const [key, value] of other[side]) {
      const left = Q.add(row[side].get(key) ?? Q.ZERO, Q.negate(Q.multiply(times, value)));
      if (Q.isZero(left)) row[side].delete(key);
      else row[side].set(key, left);
    }
  }
}
