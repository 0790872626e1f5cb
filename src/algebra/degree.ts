import { insideOf } from './inside.js';
import { constantOf } from './polynomial.js';
import * as Q from './rational.js';
import type { Atom, Monomial, Polynomial } from './types.js';

/**
 * Total degrees in signals and memory. Divisors count as factors do; a sum, function or group has
 * the degree of its inside.
 */
export function degreeOf(p: Polynomial): number {
  let degree = known.get(p);
  if (degree === undefined) {
    degree = Math.max(0, ...p.monomials.map(degreeOfMonomial));
    known.set(p, degree);
  }
  return degree;
}

/** Sorting asks again and again. */
const known = new WeakMap<Polynomial, number>();

export function degreeOfMonomial(m: Monomial): number {
  let degree = 0;
  for (const { atom, exponent } of m.factors) degree += Math.abs(exponent) * degreeOfAtom(atom);
  return degree;
}

function degreeOfAtom(atom: Atom): number {
  switch (atom.kind) {
    case 'signal':
    case 'memory':
      return 1;
    case 'parameter':
    case 'unit':
      return 0;
    case 'reduction':
    case 'group':
      return degreeOf(atom.inner);
    case 'function':
    case 'conditional':
      return Math.max(0, ...insideOf(atom).map(degreeOf));
    case 'power': {
      const exponent = constantOf(atom.exponent);
      const base = degreeOf(atom.base);
      return exponent ? base * Math.abs(Q.toNumber(exponent)) : base + degreeOf(atom.exponent);
    }
  }
}
