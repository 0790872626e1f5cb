import { divisionByZero } from '../base/diagnostics/algebra.js';
import { EngrammarError } from '../base/result.js';
import { groupAtom, powerAtom } from './atoms.js';
import { factorise } from './factorise.js';
import { divideLaurent, monomialContent, niceScale } from './laurent.js';
import {
  atomMonomial,
  compareMonomials,
  monomial,
  multiplyMonomials,
  powerMonomial,
  splitMonomial,
  withCoefficient,
} from './monomial.js';
import {
  Collector,
  multiplyByMonomial,
  multiplyOut,
  NOTHING,
  raise,
  scalePolynomial,
  single,
  UNIT,
} from './polynomial.js';
import * as Q from './rational.js';
import type { Atom, Monomial, Polynomial } from './types.js';

/** Divisors: a sum that divides is a `group` atom to a negative power. */

export const isGroup = (atom: Atom): boolean => atom.kind === 'group';

/** The product; where multiplying out would be too much, the larger factor is kept as a whole. */
export function product(a: Polynomial, b: Polynomial): Polynomial {
  const out = multiplyOut(a, b);
  if (out) return out;
  const [small, large] = isSmaller(a, b) ? [a, b] : [b, a];
  return product(small, asWhole(large, 1));
}

function isSmaller(a: Polynomial, b: Polynomial): boolean {
  const difference = a.monomials.length - b.monomials.length;
  return difference === 0 ? a.key < b.key : difference < 0;
}

/** `p` to a whole power n ≥ 0, kept as a whole where multiplying out would be too much. */
export function wholePower(p: Polynomial, n: number): Polynomial {
  return raise(p, n) ?? asWhole(p, n);
}

/** p^n as one atom, freed of common atoms and scaled to a fixed form. */
function asWhole(p: Polynomial, n: number): Polynomial {
  const content = monomialContent(p);
  const free = multiplyByMonomial(p, powerMonomial(content, -1));
  const scale = niceScale(free);
  const atom = atomMonomial(powerAtom(scalePolynomial(free, scale), UNIT));
  const common = withCoefficient(content, Q.invert(scale));
  return single(powerMonomial(multiplyMonomials(common, atom), n));
}

/** 1 / p. Throws an `EngrammarError` when `p` is zero. */
export function reciprocal(p: Polynomial): Polynomial {
  const [first, second] = p.monomials;
  if (!first) throw new EngrammarError(divisionByZero({ divisor: '0' }));
  if (!second) return reciprocalOfMonomial(first);
  const { numerator, divisors } = overOneDivisor(p);
  if (!divisors) return reciprocalOfSum(p);
  // 1 / (N / D) = D / N, with D multiplied out.
  return product(reciprocalOfMonomial(divisors), reciprocal(numerator));
}

function reciprocalOfMonomial(m: Monomial): Polynomial {
  const inverse = powerMonomial(m, -1);
  const { kept: groups, rest } = splitMonomial(inverse, isGroup);
  return groups.factors.reduce<Polynomial>(
    (result, { atom, exponent }) =>
      atom.kind === 'group' ? product(result, wholePower(atom.inner, exponent)) : result,
    single(rest),
  );
}

function reciprocalOfSum(p: Polynomial): Polynomial {
  if (p.monomials.length === 0) throw new EngrammarError(divisionByZero({ divisor: '0' }));
  const { monomial: common, sums } = factorise(p);
  let inverse = powerMonomial(common, -1);
  for (const { sum, exponent } of sums) {
    inverse = multiplyMonomials(inverse, atomMonomial(groupAtom(sum), -exponent));
  }
  return single(inverse);
}

/**
 * `p` as numerator / divisor: `divisors` is the product of groups by which `p` must be multiplied so
 * that none is left, as a monomial with negative exponents (null when there are none).
 */
export function overOneDivisor(p: Polynomial): {
  numerator: Polynomial;
  divisors: Monomial | null;
} {
  const most = new Map<string, { atom: Atom; exponent: number }>();
  for (const m of p.monomials) {
    for (const factor of m.factors) {
      if (!isGroup(factor.atom)) continue;
      const had = most.get(factor.atom.key);
      if (!had || factor.exponent < had.exponent) most.set(factor.atom.key, factor);
    }
  }
  if (most.size === 0) return { numerator: p, divisors: null };
  let divisors = monomial(Q.ONE, []);
  for (const { atom, exponent } of most.values()) {
    divisors = multiplyMonomials(divisors, atomMonomial(atom, exponent));
  }
  const numerator = new Collector();
  for (const m of p.monomials) {
    const lifted = multiplyMonomials(m, powerMonomial(divisors, -1));
    numerator.addAll(expandGroups(lifted));
  }
  return { numerator: numerator.polynomial(), divisors };
}

/** A monomial whose groups have exponents ≥ 0, multiplied out. */
function expandGroups(m: Monomial): Polynomial {
  const { kept, rest } = splitMonomial(m, isGroup);
  return kept.factors.reduce<Polynomial>(
    (result, { atom, exponent }) =>
      atom.kind === 'group' ? product(result, wholePower(atom.inner, exponent)) : result,
    single(rest),
  );
}

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

/** A sum over two or more divisors as one numerator over their product, common divisors out. */
function inLowestTerms(p: Polynomial): Polynomial {
  const groups = new Map<string, { inner: Polynomial; exponent: number }>();
  for (const m of p.monomials) {
    for (const { atom, exponent } of m.factors) {
      if (atom.kind !== 'group') continue;
      const had = groups.get(atom.key)?.exponent ?? 0;
      groups.set(atom.key, { inner: atom.inner, exponent: Math.max(had, -exponent) });
    }
  }
  if (groups.size < 2) return p;
  let size = p.monomials.length;
  for (const { inner, exponent } of groups.values()) size *= inner.monomials.length ** exponent;
  if (size > LARGEST_NUMERATOR) return p;
  let { numerator, divisors } = overOneDivisor(p);
  if (!divisors) return p;
  for (const { atom, exponent } of divisors.factors) {
    if (atom.kind !== 'group') continue;
    for (let k = exponent; k < 0; k++) {
      const division = divideLaurent(numerator, atom.inner);
      if (!division || division.remainder.monomials.length > 0) break;
      numerator = division.quotient;
      divisors = multiplyMonomials(divisors, atomMonomial(atom, 1));
    }
  }
  return multiplyByMonomial(numerator, divisors);
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
