import { gatesKey } from '../../algebra/gates.js';
import type { Term } from '../../algebra/types.js';

/**
 * Monomials in the normal form of a rule that is a sum of these terms, each with a coefficient of its
 * own: what two terms share counts once, and cancels only by chance.
 */
export function monomialsOf(terms: readonly Term[]): number {
  const keys = terms.flatMap(({ gates, normalForm }) =>
    normalForm.monomials.map(({ key }) => `${gatesKey(gates)} ${key}`),
  );
  return new Set(keys).size;
}
