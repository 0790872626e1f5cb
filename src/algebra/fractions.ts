import { isGroup, overOneDivisor, reciprocal } from './divide.js';
import { sharedFactor } from './factorise.js';
import { divideLaurent } from './laurent.js';
import {
  atomMonomial,
  compareMonomials,
  multiplyMonomials,
  splitMonomial,
  withCoefficient,
} from './monomial.js';
import { Collector, countOfPower, multiplyByMonomial, NOTHING, single } from './polynomial.js';
import * as Q from './rational.js';
import type { Atom, Monomial, Polynomial } from './types.js';

/** Dividing out: what makes a sum of fractions depend on its value alone. */

/** How often the same is tried again at most; it settles after two or three times. */
const MOST_PASSES = 50;
/** A numerator that may get larger than this is not brought over one divisor. */
const LARGEST_NUMERATOR = 4000;

/**
 * Divides out: in `N / (G1 G2 …)` every numerator is replaced by its remainder by each group, and
 * the quotient moves to the terms with that group once less. So x·(a+b)/(a+b) becomes x, and
 * a/(a+b) + b/(a+b) becomes 1. What stands over several divisors is brought over their product in
 * lowest terms first, so that the result depends on the value alone.
 */
export function reduceFractions(p: Polynomial): Polynomial {
  return settled(p, reducedOnce);
}

function settled(p: Polynomial, step: (p: Polynomial) => Polynomial): Polynomial {
  let current = p;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = step(current);
    if (next.key === current.key) return next;
    current = next;
  }
  return current;
}

/** Terms whose factors foreign to all divisors are the same are one fraction, apart from others. */
function reducedOnce(p: Polynomial): Polynomial {
  const inDivisors = new Set<string>();
  for (const m of p.monomials) {
    for (const { atom } of m.factors) {
      if (atom.kind !== 'group') continue;
      inDivisors.add(atom.key);
      for (const inner of atom.inner.monomials) {
        for (const factor of inner.factors) inDivisors.add(factor.atom.key);
      }
    }
  }
  if (inDivisors.size === 0) return p;
  const fractions = new Map<string, { cofactor: Monomial; fraction: Collector }>();
  for (const m of p.monomials) {
    const { kept, rest } = splitMonomial(m, (atom) => inDivisors.has(atom.key));
    const cofactor = withCoefficient(rest, Q.ONE);
    const found = fractions.get(cofactor.key) ?? { cofactor, fraction: new Collector() };
    fractions.set(cofactor.key, found);
    found.fraction.add(withCoefficient(kept, m.coefficient));
  }
  const result = new Collector();
  for (const { cofactor, fraction } of fractions.values()) {
    const lowest = inLowestTerms(fraction.polynomial());
    result.addAll(multiplyByMonomial(settled(lowest, dividedOnce), cofactor));
  }
  return result.polynomial();
}

/** A sum of fractions as one numerator over the product of their divisors, without shared factors. */
function inLowestTerms(p: Polynomial): Polynomial {
  const groups = new Map<string, { inner: Polynomial; exponent: number }>();
  for (const m of p.monomials) {
    for (const { atom, exponent } of m.factors) {
      if (atom.kind !== 'group') continue;
      const had = groups.get(atom.key)?.exponent ?? 0;
      groups.set(atom.key, { inner: atom.inner, exponent: Math.max(had, -exponent) });
    }
  }
  if (groups.size === 0) return p;
  let size = 0;
  for (const m of p.monomials) {
    let lifted = 1;
    for (const [key, { inner, exponent }] of groups) {
      const own = m.factors.find(({ atom }) => atom.key === key)?.exponent ?? 0;
      lifted *= countOfPower(inner.monomials.length, exponent + own);
    }
    size += lifted;
  }
  if (size > LARGEST_NUMERATOR) return p;
  const { numerator, divisors } = overOneDivisor(p);
  if (!divisors) return p;
  const lowest = { numerator, divisors };
  for (const { atom, exponent } of divisors.factors) {
    if (atom.kind !== 'group') continue;
    for (let k = exponent; k < 0 && cancel(lowest, atom); k++);
  }
  // One divisor in lowest terms divides out uniquely as it stands.
  if (groups.size === 1 && lowest.divisors === divisors) return p;
  return multiplyByMonomial(lowest.numerator, lowest.divisors);
}

interface Fraction {
  numerator: Polynomial;
  divisors: Monomial;
}

/** Takes what numerator and one divisor share out of both; false when they share nothing. */
function cancel(fraction: Fraction, group: Extract<Atom, { kind: 'group' }>): boolean {
  const shared = sharedFactor(fraction.numerator, group.inner);
  if (shared.monomials.length < 2) return false;
  const numerator = divideLaurent(fraction.numerator, shared);
  const rest = divideLaurent(group.inner, shared);
  if (!numerator || !rest || numerator.remainder.monomials.length > 0) return false;
  const less = multiplyMonomials(fraction.divisors, atomMonomial(group, 1));
  const [left] = reciprocal(rest.quotient).monomials;
  fraction.numerator = numerator.quotient;
  fraction.divisors = multiplyMonomials(less, left!);
  return true;
}

/** One pass over all classes of divisors, from the largest product of groups down. */
function dividedOnce(p: Polynomial): Polynomial {
  const classes = new Map<string, { groups: Monomial; numerator: Collector }>();
  const put = (groups: Monomial, numerator: Polynomial): void => {
    let found = classes.get(groups.key);
    if (!found) {
      found = { groups, numerator: new Collector() };
      classes.set(groups.key, found);
    }
    found.numerator.addAll(numerator);
  };
  for (const m of p.monomials) {
    const { kept, rest } = splitMonomial(m, isGroup);
    put(kept, single(rest));
  }
  const done = new Collector();
  while (classes.size > 0) {
    const next = [...classes.values()].sort((a, b) => compareMonomials(b.groups, a.groups))[0]!;
    classes.delete(next.groups.key);
    let numerator = next.numerator.polynomial();
    for (const { atom } of next.groups.factors) {
      if (atom.kind !== 'group') continue;
      const division = divideLaurent(numerator, atom.inner);
      if (!division || division.quotient.monomials.length === 0) continue;
      numerator = division.remainder;
      put(multiplyMonomials(next.groups, atomMonomial(atom, 1)), division.quotient);
    }
    if (numerator !== NOTHING) done.addAll(multiplyByMonomial(numerator, next.groups));
  }
  return done.polynomial();
}
