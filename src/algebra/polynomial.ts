import {
  atomMonomial,
  compareMonomials,
  constantMonomial,
  multiplyMonomials,
  powerMonomial,
  withCoefficient,
} from './monomial.js';
import * as Q from './rational.js';
import type { Atom, Monomial, Polynomial, Rational } from './types.js';

/** Sums of monomials: the ring operations. Nothing here knows of divisors beyond negative exponents. */

/** A product that would have more monomials than this is left as it stands. */
const MOST_MONOMIALS = 5000;
/** Whole powers of sums beyond this are left as they stand. */
export const HIGHEST_POWER = 64;

export const NOTHING: Polynomial = { monomials: [], key: '0' };
export const UNIT: Polynomial = single(constantMonomial(Q.ONE));

/** Collects monomials; those with the same factors become one. */
export class Collector {
  private readonly found = new Map<string, Monomial>();

  add(m: Monomial): void {
    const had = this.found.get(m.key);
    this.found.set(m.key, had ? withCoefficient(had, Q.add(had.coefficient, m.coefficient)) : m);
  }

  addAll(p: Polynomial, sign: Rational = Q.ONE): void {
    for (const m of p.monomials) {
      this.add(sign === Q.ONE ? m : withCoefficient(m, Q.multiply(sign, m.coefficient)));
    }
  }

  polynomial(): Polynomial {
    const monomials: Monomial[] = [];
    for (const m of this.found.values()) if (!Q.isZero(m.coefficient)) monomials.push(m);
    return ordered(monomials);
  }
}

function ordered(monomials: Monomial[]): Polynomial {
  if (monomials.length === 0) return NOTHING;
  if (monomials.length > 1) monomials.sort(compareMonomials);
  let key = '';
  for (const m of monomials) {
    if (key !== '') key += '+';
    if (m.coefficient === Q.ONE) key += m.key === '' ? '1' : m.key;
    else key += m.key === '' ? Q.textOf(m.coefficient) : `${Q.textOf(m.coefficient)}*${m.key}`;
  }
  return { monomials, key };
}

/** The sum of these monomials, collected. */
export function polynomial(monomials: Iterable<Monomial>): Polynomial {
  const collector = new Collector();
  for (const m of monomials) collector.add(m);
  return collector.polynomial();
}

export function single(m: Monomial): Polynomial {
  return Q.isZero(m.coefficient) ? NOTHING : ordered([m]);
}

export function constant(value: Rational): Polynomial {
  return value === Q.ONE && UNIT ? UNIT : single(constantMonomial(value));
}

export function ofAtom(atom: Atom, exponent = 1): Polynomial {
  return single(atomMonomial(atom, exponent));
}

export function addPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  if (a.monomials.length === 0) return b;
  if (b.monomials.length === 0) return a;
  return polynomial([...a.monomials, ...b.monomials]);
}

export function subtractPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  return addPolynomials(a, negatePolynomial(b));
}

export function negatePolynomial(p: Polynomial): Polynomial {
  return scalePolynomial(p, Q.MINUS_ONE);
}

export function scalePolynomial(p: Polynomial, factor: Rational): Polynomial {
  if (factor === Q.ONE) return p;
  if (Q.isZero(factor)) return NOTHING;
  return ordered(p.monomials.map((m) => withCoefficient(m, Q.multiply(m.coefficient, factor))));
}

/** `p` times one monomial: no two monomials can meet. */
export function multiplyByMonomial(p: Polynomial, m: Monomial): Polynomial {
  if (m.factors.length === 0) return scalePolynomial(p, m.coefficient);
  return ordered(p.monomials.map((own) => multiplyMonomials(own, m)));
}

/** The product multiplied out, or null when it would be too large. */
export function multiplyOut(a: Polynomial, b: Polynomial): Polynomial | null {
  const [m, n] = [a.monomials.length, b.monomials.length];
  if (m === 0 || n === 0) return NOTHING;
  if (n === 1) return multiplyByMonomial(a, b.monomials[0]!);
  if (m === 1) return multiplyByMonomial(b, a.monomials[0]!);
  if (m * n > 10 * MOST_MONOMIALS) return null;
  const collector = new Collector();
  for (const x of a.monomials) for (const y of b.monomials) collector.add(multiplyMonomials(x, y));
  const product = collector.polynomial();
  return product.monomials.length > MOST_MONOMIALS ? null : product;
}

/** `p` to the power n ≥ 0 multiplied out, or null when it would be too large. */
export function raise(p: Polynomial, n: number): Polynomial | null {
  if (n === 0) return UNIT;
  if (n === 1 || p.monomials.length === 0) return p;
  if (p.monomials.length === 1) return single(powerMonomial(p.monomials[0]!, n));
  if (n > HIGHEST_POWER || countOfPower(p.monomials.length, n) > MOST_MONOMIALS) return null;
  let result: Polynomial | null = UNIT;
  for (let i = 0; i < n && result; i++) result = multiplyOut(result, p);
  return result;
}

/** How many monomials the n-th power of m different monomials has at most: C(n + m − 1, n). */
export function countOfPower(m: number, n: number): number {
  let count = 1;
  for (let i = 1; i <= n && count <= MOST_MONOMIALS; i++) count = (count * (m - 1 + i)) / i;
  return count;
}

/** The number it is, or null. */
export function constantOf(p: Polynomial): Rational | null {
  if (p.monomials.length === 0) return Q.ZERO;
  const [first, second] = p.monomials;
  return first && !second && first.factors.length === 0 ? first.coefficient : null;
}
