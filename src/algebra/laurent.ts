import { compareAtoms } from './atoms.js';
import { exponentOf, type Factor, monomial, multiplyMonomials } from './monomial.js';
import {
  addPolynomials,
  Collector,
  multiplyByMonomial,
  multiplyOut,
  NOTHING,
  polynomial,
} from './polynomial.js';
import * as Q from './rational.js';
import type { Atom, Monomial, Polynomial, Rational } from './types.js';

/**
 * Division with remainder where monomials are units (their exponents may be negative).
 *
 * Seen as a polynomial in its first atom x, with coefficients in the other atoms, a divisor is
 * c_0 + c_1 x + … + c_d x^d. The remainder keeps in front of x^k, for k ≥ d, only what is itself a
 * remainder by c_d, and for k < 0 only what is a remainder by c_0. That makes it unique (the
 * difference of two remainders would be a multiple of the divisor whose highest or lowest
 * coefficient is a multiple of c_d or c_0), and additive; a multiple of the divisor leaves 0.
 */

/** Exponents further apart than this are not divided: the steps would be as many. */
const WIDEST = 256;

export interface Division {
  readonly quotient: Polynomial;
  readonly remainder: Polynomial;
}

/** The greatest monomial that divides all of them: each atom's least exponent, coefficient 1. */
export function monomialContent(p: Polynomial): Monomial {
  const [first, ...others] = p.monomials;
  if (!first) return monomial(Q.ONE, []);
  let common: readonly Factor[] = first.factors;
  for (const m of others) {
    if (common.length === 0 && m.factors.every((factor) => factor.exponent > 0)) continue;
    common = leastExponents(common, m.factors);
  }
  return monomial(Q.ONE, common);
}

function leastExponents(a: readonly Factor[], b: readonly Factor[]): Factor[] {
  const least: Factor[] = [];
  const keep = (atom: Atom, exponent: number): void => {
    if (exponent !== 0) least.push({ atom, exponent });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    const order = !x ? 1 : !y ? -1 : compareAtoms(x.atom, y.atom);
    if (order < 0) keep(x!.atom, Math.min(0, x!.exponent));
    else if (order > 0) keep(y!.atom, Math.min(0, y!.exponent));
    else keep(x!.atom, Math.min(x!.exponent, y!.exponent));
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  return least;
}

/**
 * `dividend` = quotient · divisor + remainder, the remainder unique as above. `divisor` is not
 * zero. Null when the exponents lie too far apart or the result would be too large.
 */
export function divideLaurent(dividend: Polynomial, divisor: Polynomial): Division | null {
  if (dividend.monomials.length === 0) return { quotient: NOTHING, remainder: NOTHING };
  if (divisor.monomials.length === 1) {
    const inverse = invertUnit(divisor.monomials[0]!);
    return { quotient: multiplyByMonomial(dividend, inverse), remainder: NOTHING };
  }
  const x = firstAtom(divisor);
  const parts = coefficientsOf(divisor, x);
  const lowest = Math.min(...parts.keys());
  const degree = Math.max(...parts.keys()) - lowest;
  const steps: Steps = {
    x,
    degree,
    coefficients: Array.from({ length: degree + 1 }, (_, i) => parts.get(lowest + i) ?? NOTHING),
    left: coefficientsOf(dividend, x),
    quotient: new Collector(),
  };
  if (!eliminate(steps)) return null;
  // The divisor was taken as if its lowest power of x were 0.
  const shift = monomial(Q.ONE, lowest === 0 ? [] : [{ atom: x, exponent: -lowest }]);
  return {
    quotient: multiplyByMonomial(steps.quotient.polynomial(), shift),
    remainder: assembled(steps.left, x),
  };
}

interface Steps {
  readonly x: Atom;
  readonly degree: number;
  readonly coefficients: readonly Polynomial[];
  readonly left: Map<number, Polynomial>;
  readonly quotient: Collector;
}

function eliminate(steps: Steps): boolean {
  const { degree, left } = steps;
  const highest = Math.max(...left.keys());
  const lowest = Math.min(...left.keys());
  if (Math.max(highest, degree) - Math.min(lowest, 0) > WIDEST) return false;
  for (let k = highest; k >= degree; k--) if (!step(steps, k, degree)) return false;
  for (let k = Math.min(lowest, 0); k < 0; k++) if (!step(steps, k, 0)) return false;
  return true;
}

/** Takes out of x^k what the divisor's coefficient of x^`pivot` divides. */
function step(steps: Steps, k: number, pivot: number): boolean {
  const { x, degree, coefficients, left, quotient } = steps;
  const present = left.get(k);
  if (!present || present.monomials.length === 0) return true;
  const division = divideLaurent(present, coefficients[pivot]!);
  if (!division) return false;
  if (division.quotient.monomials.length === 0) return true;
  left.set(k, division.remainder);
  const negative = multiplyByMonomial(division.quotient, monomial(Q.MINUS_ONE, []));
  for (let i = 0; i <= degree; i++) {
    if (i === pivot) continue;
    const product = multiplyOut(negative, coefficients[i]!);
    if (!product) return false;
    const at = k - pivot + i;
    left.set(at, addPolynomials(left.get(at) ?? NOTHING, product));
  }
  const power = powerOf(x, k - pivot);
  for (const m of division.quotient.monomials) quotient.add(multiplyMonomials(m, power));
  return true;
}

function powerOf(x: Atom, exponent: number): Monomial {
  return monomial(Q.ONE, exponent === 0 ? [] : [{ atom: x, exponent }]);
}

function assembled(left: ReadonlyMap<number, Polynomial>, x: Atom): Polynomial {
  const collector = new Collector();
  for (const [k, coefficient] of left) {
    collector.addAll(multiplyByMonomial(coefficient, powerOf(x, k)));
  }
  return collector.polynomial();
}

/**
 * The atom by whose powers is divided: the earliest in printing order that is no parameter and
 * whose exponent differs between monomials, else such a parameter.
 */
function firstAtom(p: Polynomial): Atom {
  let first: Atom | undefined;
  for (const m of p.monomials) {
    for (const { atom } of m.factors) {
      if (first && !comesBefore(atom, first)) continue;
      if (p.monomials.some((o) => exponentOf(o, atom) !== exponentOf(m, atom))) first = atom;
    }
  }
  return first!;
}

function comesBefore(a: Atom, b: Atom): boolean {
  const late = (atom: Atom): boolean => atom.kind === 'parameter' || atom.kind === 'unit';
  return late(a) === late(b) ? compareAtoms(a, b) < 0 : late(b);
}

/** The polynomial by powers of one atom. */
export function coefficientsOf(p: Polynomial, x: Atom): Map<number, Polynomial> {
  const byPower = new Map<number, Monomial[]>();
  for (const m of p.monomials) {
    const k = exponentOf(m, x);
    const rest =
      k === 0
        ? m
        : monomial(
            m.coefficient,
            m.factors.filter((factor) => factor.atom.key !== x.key),
          );
    const had = byPower.get(k);
    if (had) had.push(rest);
    else byPower.set(k, [rest]);
  }
  return new Map([...byPower].map(([k, monomials]) => [k, polynomial(monomials)]));
}

function invertUnit(m: Monomial): Monomial {
  return monomial(
    Q.invert(m.coefficient),
    m.factors.map(({ atom, exponent }) => ({ atom, exponent: -exponent })),
  );
}

/**
 * The number that scales a sum to its fixed form: the first coefficient 1 where that leaves short
 * decimals, else coefficients that are whole and have no common divisor, the first one positive.
 */
export function niceScale(p: Polynomial): Rational {
  const lead = p.monomials[0]?.coefficient ?? Q.ONE;
  if (lead === Q.ONE && p.monomials.every((m) => m.coefficient.denominator === 1n)) return Q.ONE;
  const first = Q.invert(lead);
  const isShort = p.monomials.every((m) => {
    const text = Q.decimalText(Q.multiply(first, m.coefficient));
    return text !== null && text.length <= 8;
  });
  return isShort ? first : primitiveFactor(p);
}

function primitiveFactor(p: Polynomial): Rational {
  let top = 0n;
  let bottom = 1n;
  for (const { coefficient } of p.monomials) {
    top = Q.greatestCommonDivisor(top, coefficient.numerator);
    const shared = Q.greatestCommonDivisor(bottom, coefficient.denominator);
    bottom = (bottom / shared) * coefficient.denominator;
  }
  const lead = p.monomials[0];
  const sign = lead && Q.isNegative(lead.coefficient) ? -1n : 1n;
  return top === 0n ? Q.ONE : Q.rational(sign * bottom, top);
}
