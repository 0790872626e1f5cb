import type { Atom, ConditionForm, Polynomial } from './types.js';

/** The sums that stand inside an atom, those of its condition first. */
export function insideOf(atom: Atom): readonly Polynomial[] {
  switch (atom.kind) {
    case 'reduction':
    case 'group':
      return [atom.inner];
    case 'function':
      return atom.args;
    case 'power':
      return [atom.base, atom.exponent];
    case 'conditional':
      return [...comparedIn(atom.condition), atom.then, atom.otherwise];
    default:
      return [];
  }
}

/** What a condition compares with 0. */
function comparedIn(condition: ConditionForm): readonly Polynomial[] {
  return condition.kind === 'positive' ? [condition.value] : condition.parts.flatMap(comparedIn);
}

/**
 * Calls back for every atom, those inside others after them. A sum that stands in several places is
 * gone through once: conditions inside conditions share theirs, and there are exponentially many places.
 */
export function visitAtoms(
  p: Polynomial,
  see: (atom: Atom) => void,
  seen: Set<Polynomial> = new Set(),
): void {
  if (seen.has(p)) return;
  seen.add(p);
  for (const { factors } of p.monomials) {
    for (const { atom } of factors) {
      see(atom);
      for (const inner of insideOf(atom)) visitAtoms(inner, see, seen);
    }
  }
}
