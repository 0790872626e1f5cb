import { compareAtoms } from './atoms.js';
import { coefficientsOf, divideLaurent, monomialContent, niceScale } from './laurent.js';
import { mayShareFactor } from './modular.js';
import {
  divideMonomials,
  exponentOf,
  monomial,
  multiplyMonomials,
  powerMonomial,
} from './monomial.js';
import {
  constant,
  constantOf,
  HIGHEST_POWER,
  multiplyByMonomial,
  multiplyOut,
  polynomial,
  scalePolynomial,
  subtractPolynomials,
  UNIT,
} from './polynomial.js';
import * as Q from './rational.js';
import { linearFactors } from './roots.js';
import type { Atom, Monomial, Polynomial } from './types.js';

/**
 * Factors of sums: powers, every factor that lacks an atom another factor has, and linear factors
 * of sums in one atom (or of one degree in two). Other factors made of exactly the same atoms stay
 * multiplied out.
 */
export interface Factors {
  /** Number and common atoms. */
  readonly monomial: Monomial;
  /** Sums without a common factor, each scaled to a fixed form. */
  readonly sums: readonly { readonly sum: Polynomial; readonly exponent: number }[];
}

/** Sums of more monomials than this are taken as they are. */
const LARGEST = 120;
/** So are those for which the search would take more products of monomials than this. */
const MOST_PRODUCTS = 10_000;

/** What is left of `MOST_PRODUCTS`; when it is used up, the search is given up. */
class Budget {
  private left = MOST_PRODUCTS;

  product(a: Polynomial, b: Polynomial): Polynomial {
    this.use(a.monomials.length * b.monomials.length);
    return multiplyOut(a, b) ?? this.use(Number.POSITIVE_INFINITY);
  }

  quotient(p: Polynomial, divisor: Polynomial): Polynomial {
    const number = constantOf(divisor);
    if (number) return scalePolynomial(p, Q.invert(number));
    this.use(p.monomials.length * divisor.monomials.length);
    return divideLaurent(p, divisor)?.quotient ?? this.use(Number.POSITIVE_INFINITY);
  }

  private use(products: number): never | Polynomial {
    this.left -= products;
    if (this.left < 0) throw new TooMuch();
    return UNIT;
  }
}

class TooMuch extends Error {}

/** p = monomial · Π sum^exponent. `p` is not zero. */
export function factorise(p: Polynomial): Factors {
  const content = monomialContent(p);
  const free = multiplyByMonomial(p, powerMonomial(content, -1));
  const found = new Map<string, { sum: Polynomial; exponent: number }>();
  let scale = Q.ONE;
  const collect = (sum: Polynomial, exponent: number): void => {
    const number = constantOf(sum);
    const factor = number ? null : niceScale(sum);
    scale = Q.multiply(scale, Q.power(number ?? Q.invert(factor!), exponent));
    if (!factor) return;
    const scaled = scalePolynomial(sum, factor);
    const had = found.get(scaled.key);
    found.set(scaled.key, { sum: scaled, exponent: exponent + (had?.exponent ?? 0) });
  };
  for (const { sum, power } of factorsOf(free)) collect(sum, power);
  return {
    monomial: multiplyMonomials(content, monomial(scale, [])),
    sums: [...found.values()],
  };
}

/** The greatest common divisor of two sums, 1 where there is none or finding it takes too long. */
export function sharedFactor(a: Polynomial, b: Polynomial): Polynomial {
  if (Math.max(a.monomials.length, b.monomials.length) > LARGEST) return UNIT;
  try {
    return commonDivisor(a, b, new Budget());
  } catch (error) {
    if (error instanceof TooMuch) return UNIT;
    throw error;
  }
}

interface Power {
  readonly sum: Polynomial;
  readonly power: number;
}

function factorsOf(p: Polynomial): Power[] {
  const whole: Power[] = [{ sum: p, power: 1 }];
  if (p.monomials.length > LARGEST) return whole;
  try {
    return split(p, new Budget());
  } catch (error) {
    if (error instanceof TooMuch) return whole;
    throw error;
  }
}

function split(p: Polynomial, budget: Budget): Power[] {
  if (p.monomials.length > 1) {
    for (const x of atomsOf(p)) {
      const content = contentIn(p, x, budget);
      if (content.monomials.length <= 1) continue;
      return [...split(content, budget), ...split(budget.quotient(p, content), budget)];
    }
  }
  return squareFree(p, budget).flatMap((factor) => withRoots(factor, budget));
}

function withRoots({ sum, power }: Power, budget: Budget): Power[] {
  const found = linearFactors(sum);
  const rest = found.reduce((left, factor) => budget.quotient(left, factor), sum);
  return [...found, rest].map((factor) => ({ sum: factor, power }));
}

/** Yun's square-free factorisation; every factor of `p` has every atom of `p`. */
function squareFree(p: Polynomial, budget: Budget): Power[] {
  const whole: Power[] = [{ sum: p, power: 1 }];
  const [x] = atomsOf(p);
  // A square has more than two monomials.
  if (!x || p.monomials.length < 3) return whole;
  const slope = derivative(p, x);
  const shared = commonDivisor(p, slope, budget);
  if (shared.monomials.length <= 1) return whole;
  const found: Power[] = [];
  let rest = budget.quotient(p, shared);
  let next = subtractPolynomials(budget.quotient(slope, shared), derivative(rest, x));
  for (let power = 1; rest.monomials.length > 1; power++) {
    if (power > HIGHEST_POWER) return whole;
    const factor = commonDivisor(rest, next, budget);
    if (factor.monomials.length > 1) found.push({ sum: factor, power });
    rest = budget.quotient(rest, factor);
    next = subtractPolynomials(budget.quotient(next, factor), derivative(rest, x));
  }
  // The number that is left over: first coefficients multiply, as the order of monomials is one of exponents.
  let number = p.monomials[0]!.coefficient;
  for (const { sum, power } of found) {
    number = Q.divide(number, Q.power(sum.monomials[0]!.coefficient, power));
  }
  return [...found, { sum: constant(number), power: 1 }];
}

function derivative(p: Polynomial, x: Atom): Polynomial {
  const terms: Monomial[] = [];
  for (const m of p.monomials) {
    const k = exponentOf(m, x);
    if (k === 0) continue;
    const lowered = divideMonomials(m, monomial(Q.ONE, [{ atom: x, exponent: 1 }]));
    terms.push({ ...lowered, coefficient: Q.multiply(m.coefficient, Q.rational(k)) });
  }
  return polynomial(terms);
}

function atomsOf(p: Polynomial): Atom[] {
  const atoms = new Map<string, Atom>();
  for (const m of p.monomials) for (const { atom } of m.factors) atoms.set(atom.key, atom);
  return [...atoms.values()].sort(compareAtoms);
}

/** The greatest common divisor of the coefficients of the powers of x, without common atoms. */
function contentIn(p: Polynomial, x: Atom, budget: Budget): Polynomial {
  const parts = [...coefficientsOf(p, x).values()];
  if (parts.length === 1) return UNIT;
  parts.sort((a, b) => a.monomials.length - b.monomials.length);
  let common = withoutContent(parts[0]!);
  for (const part of parts.slice(1)) {
    if (common.monomials.length <= 1) return UNIT;
    common = commonDivisor(common, part, budget);
  }
  return common;
}

/**
 * The greatest common divisor without number and common atoms, scaled to a fixed form, by primitive
 * remainder sequences (Knuth, TAOCP 2, 4.6.1).
 */
function commonDivisor(a: Polynomial, b: Polynomial, budget: Budget): Polynomial {
  const [p, q] = [withoutContent(a), withoutContent(b)];
  if (p.monomials.length === 0) return q;
  if (q.monomials.length === 0 || p.key === q.key) return p;
  if (p.monomials.length === 1 || q.monomials.length === 1) return UNIT;
  const [own, other] = [atomsOf(p), atomsOf(q)];
  const isIn = (atoms: readonly Atom[], x: Atom): boolean => atoms.some((y) => y.key === x.key);
  // An atom that no common divisor can have: only the coefficients of its powers matter.
  const foreign = [...own, ...other].find(
    (x) => !isIn(own, x) || !isIn(other, x) || !mayShareFactor(p, q, x),
  );
  if (foreign) {
    const left = isIn(own, foreign) ? contentIn(p, foreign, budget) : p;
    if (left.monomials.length <= 1) return UNIT;
    const right = isIn(other, foreign) ? contentIn(q, foreign, budget) : q;
    return commonDivisor(left, right, budget);
  }
  const x = own[0]!;
  const [contentP, contentQ] = [contentIn(p, x, budget), contentIn(q, x, budget)];
  const shared = commonDivisor(contentP, contentQ, budget);
  const bare = [budget.quotient(p, contentP), budget.quotient(q, contentQ)] as const;
  return withoutContent(budget.product(shared, lastRemainder(...bare, x, budget)));
}

/** Euclid's algorithm in x for polynomials without content in x. */
function lastRemainder(a: Polynomial, b: Polynomial, x: Atom, budget: Budget): Polynomial {
  let [high, low] = degreeIn(a, x) >= degreeIn(b, x) ? [a, b] : [b, a];
  while (low.monomials.length > 0) {
    if (degreeIn(low, x) === 0) return UNIT;
    const bare = withoutContent(pseudoRemainder(high, low, x, budget));
    const content = bare.monomials.length > 1 ? contentIn(bare, x, budget) : UNIT;
    [high, low] = [low, content.monomials.length > 1 ? budget.quotient(bare, content) : bare];
  }
  return high;
}

function degreeIn(p: Polynomial, x: Atom): number {
  return Math.max(...p.monomials.map((m) => exponentOf(m, x)));
}

function pseudoRemainder(a: Polynomial, b: Polynomial, x: Atom, budget: Budget): Polynomial {
  const degree = degreeIn(b, x);
  const lead = coefficientsOf(b, x).get(degree)!;
  let rest = a;
  while (rest.monomials.length > 0 && degreeIn(rest, x) >= degree) {
    const k = degreeIn(rest, x);
    const top = coefficientsOf(rest, x).get(k)!;
    const shift = monomial(Q.ONE, k === degree ? [] : [{ atom: x, exponent: k - degree }]);
    const raised = budget.product(rest, lead);
    rest = subtractPolynomials(raised, budget.product(b, multiplyByMonomial(top, shift)));
  }
  return rest;
}

function withoutContent(p: Polynomial): Polynomial {
  if (p.monomials.length === 0) return p;
  if (p.monomials.length === 1) return UNIT;
  const free = multiplyByMonomial(p, powerMonomial(monomialContent(p), -1));
  return scalePolynomial(free, niceScale(free));
}
