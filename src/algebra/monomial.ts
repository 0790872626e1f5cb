import { type Extent, joinExtents } from '../language/signals.js';
import { compareAtoms } from './atoms.js';
import * as Q from './rational.js';
import type { Atom, Monomial, Rational } from './types.js';

/** Products of a number and atoms to whole powers. */

export type Factor = Monomial['factors'][number];

/** `factors` must be sorted, without repeats and without exponent 0. */
export function monomial(coefficient: Rational, factors: readonly Factor[]): Monomial {
  let key = '';
  let extent: Extent = 'global';
  for (const { atom, exponent } of factors) {
    if (key !== '') key += '*';
    key += exponent === 1 ? atom.key : `${atom.key}^${exponent}`;
    extent = joinExtents(extent, atom.extent);
  }
  return { coefficient, factors, key, extent };
}

export function constantMonomial(coefficient: Rational): Monomial {
  return { coefficient, factors: [], key: '', extent: 'global' };
}

export function atomMonomial(atom: Atom, exponent = 1): Monomial {
  return monomial(Q.ONE, [{ atom, exponent }]);
}

export function withCoefficient(m: Monomial, coefficient: Rational): Monomial {
  if (m.coefficient === coefficient) return m;
  return { coefficient, factors: m.factors, key: m.key, extent: m.extent };
}

export function multiplyMonomials(a: Monomial, b: Monomial): Monomial {
  const coefficient = Q.multiply(a.coefficient, b.coefficient);
  if (b.factors.length === 0) return withCoefficient(a, coefficient);
  if (a.factors.length === 0) return withCoefficient(b, coefficient);
  return monomial(coefficient, mergeFactors(a.factors, b.factors));
}

function mergeFactors(a: readonly Factor[], b: readonly Factor[]): Factor[] {
  const merged: Factor[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i]!, b[j]!];
    const order = compareAtoms(x.atom, y.atom);
    if (order < 0) [merged[merged.length], i] = [x, i + 1];
    else if (order > 0) [merged[merged.length], j] = [y, j + 1];
    else {
      const exponent = x.exponent + y.exponent;
      if (exponent !== 0) merged.push({ atom: x.atom, exponent });
      i += 1;
      j += 1;
    }
  }
  while (i < a.length) merged.push(a[i++]!);
  while (j < b.length) merged.push(b[j++]!);
  return merged;
}

/** The coefficient may not be 0 when `exponent` is negative. */
export function powerMonomial(m: Monomial, exponent: number): Monomial {
  if (exponent === 1) return m;
  if (exponent === 0) return constantMonomial(Q.ONE);
  return monomial(
    Q.power(m.coefficient, exponent),
    m.factors.map((factor) => ({ atom: factor.atom, exponent: factor.exponent * exponent })),
  );
}

export function divideMonomials(a: Monomial, b: Monomial): Monomial {
  return multiplyMonomials(a, powerMonomial(b, -1));
}

/** The factors for which `keep` holds, with coefficient 1; null when all are kept and it already is 1. */
export function splitMonomial(
  m: Monomial,
  keep: (atom: Atom) => boolean,
): { kept: Monomial; rest: Monomial } {
  const kept = m.factors.filter((factor) => keep(factor.atom));
  if (kept.length === 0) return { kept: constantMonomial(Q.ONE), rest: m };
  if (kept.length === m.factors.length) {
    return { kept: withCoefficient(m, Q.ONE), rest: constantMonomial(m.coefficient) };
  }
  const rest = m.factors.filter((factor) => !keep(factor.atom));
  return { kept: monomial(Q.ONE, kept), rest: monomial(m.coefficient, rest) };
}

export function exponentOf(m: Monomial, atom: Atom): number {
  for (const factor of m.factors) {
    if (factor.atom === atom || factor.atom.key === atom.key) return factor.exponent;
  }
  return 0;
}

/** Sum of the exponents of all but parameters and units. */
function weight(m: Monomial): number {
  let total = 0;
  for (const { atom, exponent } of m.factors) {
    if (atom.kind !== 'parameter' && atom.kind !== 'unit') total += exponent;
  }
  return total;
}

/**
 * The order in which a polynomial holds its monomials: by total exponent, then atom by atom. The
 * order of two monomials stays the same when both are multiplied by a third.
 */
export function compareMonomials(a: Monomial, b: Monomial): number {
  return weight(b) - weight(a) || compareFactors(a, b);
}

/** Lexicographic in the printing order of atoms: the higher power of the earlier atom comes first. */
export function compareFactors(a: Monomial, b: Monomial): number {
  const shared = Math.min(a.factors.length, b.factors.length);
  for (let i = 0; i < shared; i++) {
    const [x, y] = [a.factors[i]!, b.factors[i]!];
    const atoms = compareAtoms(x.atom, y.atom);
    // An atom the other lacks counts with exponent 0 there.
    if (atoms < 0) return -x.exponent;
    if (atoms > 0) return y.exponent;
    if (x.exponent !== y.exponent) return y.exponent - x.exponent;
  }
  if (a.factors.length > shared) return -a.factors[shared]!.exponent;
  return b.factors.length > shared ? b.factors[shared]!.exponent : 0;
}
