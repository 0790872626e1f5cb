import { divisionByZero } from '../base/diagnostics/algebra.js';
import { EngrammarError } from '../base/result.js';
import { groupAtom, powerAtom } from './atoms.js';
import { factorise } from './factorise.js';
import { monomialContent, niceScale } from './laurent.js';
import {
  atomMonomial,
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

/** A sum whose groups all have exponents ≥ 0, multiplied out; any other as it is. */
export function withoutWholeGroups(p: Polynomial): Polynomial {
  const groups = p.monomials.flatMap(({ factors }) => factors.filter(({ atom }) => isGroup(atom)));
  if (groups.length === 0 || groups.some(({ exponent }) => exponent < 0)) return p;
  const result = new Collector();
  for (const m of p.monomials) result.addAll(expandGroups(m));
  return result.polynomial();
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
