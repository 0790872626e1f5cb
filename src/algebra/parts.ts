import { isGroup, withoutWholeGroups } from './divide.js';
import { type Factors, factorise } from './factorise.js';
import {
  compareFactors,
  constantMonomial,
  divideMonomials,
  type Factor,
  monomial,
  splitMonomial,
  withCoefficient,
} from './monomial.js';
import { multiplyByMonomial, negatePolynomial, polynomial } from './polynomial.js';
import * as Q from './rational.js';
import type { Atom, Monomial, Polynomial } from './types.js';

/**
 * How a sum is taken apart for people (docs/language.md §13). A part is a monomial times sums in
 * brackets; a sum is its parts.
 */
export interface Part {
  /** Number and atoms. */
  readonly monomial: Monomial;
  readonly brackets: readonly Bracket[];
}

export interface Bracket {
  readonly sum: Polynomial;
  /** Negative for divisors. */
  readonly exponent: number;
}

/** The parts of a sum that is not zero, in no particular order. */
export function partsOf(p: Polynomial): Part[] {
  const common = commonFactor(p);
  const rest = multiplyByMonomial(p, inverse(common));
  if (rest.monomials.length === 1) return [makePart(p.monomials[0]!)];
  const factors = factorise(rest);
  const factored = factors.sums.length > 1 || factors.sums.some(({ exponent }) => exponent > 1);
  if (factored && namesInFactors(factors) <= namesIn(rest)) {
    const brackets = factors.sums.map(({ sum, exponent }) => ({
      sum: withoutWholeGroups(sum),
      exponent,
    }));
    if (brackets.every(({ sum }) => sum.monomials.length > 0)) {
      return [makePart(times(common, factors.monomial), brackets)];
    }
  }
  if (common.key !== '' || !Q.equals(common.coefficient, Q.ONE)) {
    return [makePart(common, [{ sum: rest, exponent: 1 }])];
  }
  return splitSum(rest);
}

const namesIn = (p: Polynomial): number =>
  p.monomials.reduce((count, m) => count + m.factors.length, 0);

/** 1 - w^2 is shorter than (1 - w) * (1 + w). */
function namesInFactors({ monomial: common, sums }: Factors): number {
  return sums.reduce((count, { sum }) => count + namesIn(sum), common.factors.length);
}

/** A sum of more monomials than this is written as it stands. */
const LARGEST = 400;

/** A sum without common factor or factors: parts that share divisors, number and parameters. */
export function splitSum(p: Polynomial): Part[] {
  if (p.monomials.length > LARGEST) return p.monomials.map((m) => makePart(m));
  for (const kindOf of [divisorsOf, numberAndParameters]) {
    const shared = new Map<string, Monomial[]>();
    for (const m of p.monomials) {
      const kind = kindOf(m);
      const had = shared.get(kind);
      if (had) had.push(m);
      else shared.set(kind, [m]);
    }
    if (shared.size > 1) return [...shared.values()].flatMap((some) => partsOf(polynomial(some)));
  }
  return p.monomials.map((m) => makePart(m));
}

const divisorsOf = (m: Monomial): string => splitMonomial(m, isGroup).kept.key;

function numberAndParameters(m: Monomial): string {
  const isParameter = (atom: Atom): boolean => atom.kind === 'parameter' || atom.kind === 'unit';
  const number = Q.textOf(Q.absolute(m.coefficient));
  return `${number} ${splitMonomial(m, isParameter).kept.key}`;
}

const inverse = (m: Monomial): Monomial => divideMonomials(constantMonomial(Q.ONE), m);

const times = (a: Monomial, b: Monomial): Monomial => divideMonomials(a, inverse(b));

/**
 * What all monomials have: each atom's power nearest to 0 where all have it with the same sign; the
 * number if it is the same but for its sign; the minus if all have it.
 */
function commonFactor(p: Polynomial): Monomial {
  const [first, ...others] = p.monomials;
  let factors: readonly Factor[] = first!.factors;
  let number = Q.absolute(first!.coefficient);
  let minus = Q.isNegative(first!.coefficient);
  for (const m of others) {
    factors = factors.flatMap((factor) => sharedFactor(factor, m));
    if (!Q.equals(number, Q.absolute(m.coefficient))) number = Q.ONE;
    minus &&= Q.isNegative(m.coefficient);
  }
  if (others.some((m) => !Q.equals(Q.absolute(m.coefficient), Q.absolute(first!.coefficient)))) {
    number = Q.ONE;
  }
  return monomial(minus ? Q.negate(number) : number, factors);
}

function sharedFactor({ atom, exponent }: Factor, m: Monomial): Factor[] {
  const there = m.factors.find((factor) => factor.atom.key === atom.key)?.exponent ?? 0;
  if (there * exponent <= 0) return [];
  return [{ atom, exponent: exponent > 0 ? Math.min(exponent, there) : Math.max(exponent, there) }];
}

/**
 * Divisors become brackets too, and brackets get their order; a minus in front goes into a bracket
 * that has both signs (the last one that multiplies, else the last that divides).
 */
function makePart(m: Monomial, brackets: readonly Bracket[] = []): Part {
  const { kept: groups, rest } = splitMonomial(m, isGroup);
  const all = [...brackets];
  for (const { atom, exponent } of groups.factors) {
    if (atom.kind === 'group') all.push({ sum: atom.inner, exponent });
  }
  all.sort(compareBrackets);
  if (!Q.isNegative(rest.coefficient)) return { monomial: rest, brackets: all };
  const takesMinus = ({ sum, exponent }: Bracket): boolean =>
    exponent % 2 !== 0 && hasBothSigns(sum);
  // x - 1 becomes 1 - x before anything else is turned round.
  let at = all.findIndex((bracket) => takesMinus(bracket) && hasMinusOne(bracket.sum));
  if (at < 0) at = all.findLastIndex((bracket) => bracket.exponent > 0 && takesMinus(bracket));
  if (at < 0) at = all.findLastIndex(takesMinus);
  if (at < 0) return { monomial: rest, brackets: all };
  const flipped = { ...all[at]!, sum: negatePolynomial(all[at]!.sum) };
  return {
    monomial: withCoefficient(rest, Q.negate(rest.coefficient)),
    brackets: all.with(at, flipped),
  };
}

const hasMinusOne = (p: Polynomial): boolean =>
  p.monomials.some((m) => m.key === '' && Q.equals(m.coefficient, Q.MINUS_ONE));

function compareBrackets(a: Bracket, b: Bracket): number {
  const sides = Number(a.exponent < 0) - Number(b.exponent < 0);
  const leads = compareFactors(a.sum.monomials[0]!, b.sum.monomials[0]!);
  return sides || leads || (a.sum.key < b.sum.key ? -1 : 1);
}

function hasBothSigns(p: Polynomial): boolean {
  const negative = p.monomials.filter((m) => Q.isNegative(m.coefficient)).length;
  return negative > 0 && negative < p.monomials.length;
}
