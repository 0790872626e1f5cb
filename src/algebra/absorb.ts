import { isGroup, product, wholePower } from './divide.js';
import { reduceFractions } from './fractions.js';
import { atomMonomial, monomial, multiplyMonomials, splitMonomial } from './monomial.js';
import {
  addPolynomials,
  Collector,
  multiplyByMonomial,
  NOTHING,
  polynomial,
} from './polynomial.js';
import * as Q from './rational.js';
import type { Atom, Monomial, Polynomial } from './types.js';

/**
 * Brings fractions back together where that makes the sum shorter: the normal form of a / (a + b)
 * is 1 - b / (a + b), which is worse to read and, for small a, to compute. Depends on nothing but
 * the normal form, and has the same normal form again.
 */
export function absorbFractions(p: Polynomial): Polynomial {
  const groups = new Map<string, Atom>();
  for (const m of p.monomials) {
    for (const { atom } of m.factors) if (isGroup(atom)) groups.set(atom.key, atom);
  }
  if (groups.size === 0) return p;
  const order = [...groups.keys()].sort().map((key) => groups.get(key)!);
  // Beyond the bounds of dividing out, joined terms need not divide out the same way again.
  for (const across of [true, false]) {
    const joined = order.reduce((sum, group) => absorbInto(sum, group, across), p);
    if (reduceFractions(joined).key === p.key) return joined;
  }
  return p;
}

/** By power of 1/group (0, 1, …): what stands there, the other factors taken off. */
type Levels = Map<number, Monomial[]>;

/** `across`: also among terms that share another divisor. */
function absorbInto(p: Polynomial, group: Atom, across: boolean): Polynomial {
  if (group.kind !== 'group') return p;
  const own = new Set<string>();
  for (const m of group.inner.monomials) for (const { atom } of m.factors) own.add(atom.key);
  const buckets = new Map<string, { cofactor: Monomial; levels: Levels }>();
  for (const m of p.monomials) {
    const { kept, rest } = splitMonomial(m, (atom) => own.has(atom.key) || atom.key === group.key);
    const cofactor = monomial(Q.ONE, rest.factors);
    const { kept: divisor, rest: numerator } = splitMonomial(
      { ...kept, coefficient: rest.coefficient },
      (atom) => atom.key === group.key,
    );
    const level = -(divisor.factors[0]?.exponent ?? 0);
    const bucket = buckets.get(cofactor.key) ?? { cofactor, levels: new Map() };
    buckets.set(cofactor.key, bucket);
    bucket.levels.set(level, [...(bucket.levels.get(level) ?? []), numerator]);
  }
  const result = new Collector();
  for (const { cofactor, levels } of buckets.values()) {
    const joins = across || !cofactor.factors.some((factor) => isGroup(factor.atom));
    const joined = joins ? shortest(levels, group, group.inner) : assembled(levels, group);
    result.addAll(multiplyByMonomial(joined, cofactor));
  }
  return result.polynomial();
}

function assembled(levels: Levels, group: Atom): Polynomial {
  const all = new Collector();
  for (const [level, monomials] of levels) {
    for (const m of monomials) all.add(over(m, group, level));
  }
  return all.polynomial();
}

function over(m: Monomial, group: Atom, level: number): Monomial {
  return level === 0 ? m : multiplyMonomials(m, atomMonomial(group, -level));
}

/** The shortest of: as it stands; joined from some level up; single terms joined one by one. */
function shortest(levels: Levels, group: Atom, inner: Polynomial): Polynomial {
  const plain = assembled(levels, group);
  const highest = Math.max(...levels.keys());
  if (highest === 0 || plain.monomials.length > 200) return plain;
  let best = plain;
  for (let from = 0; from < highest; from++) {
    const joined = joinedFrom(levels, from, highest, group, inner);
    if (joined.monomials.length < best.monomials.length) best = joined;
  }
  const greedy = oneByOne(levels, highest, group, inner);
  return greedy.monomials.length < best.monomials.length ? greedy : best;
}

function joinedFrom(
  levels: Levels,
  from: number,
  highest: number,
  group: Atom,
  inner: Polynomial,
): Polynomial {
  const result = new Collector();
  let numerator = NOTHING;
  for (const [level, monomials] of levels) {
    if (level < from) for (const m of monomials) result.add(over(m, group, level));
    else {
      const lifted = product(polynomial(monomials), wholePower(inner, highest - level));
      numerator = addPolynomials(numerator, lifted);
    }
  }
  for (const m of numerator.monomials) result.add(over(m, group, highest));
  return result.polynomial();
}

function oneByOne(levels: Levels, highest: number, group: Atom, inner: Polynomial): Polynomial {
  let numerator = polynomial(levels.get(highest) ?? []);
  const apart: { level: number; m: Monomial }[] = [];
  for (const [level, monomials] of levels) {
    if (level !== highest) for (const m of monomials) apart.push({ level, m });
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const [index, { level, m }] of apart.entries()) {
      const lifted = multiplyByMonomial(wholePower(inner, highest - level), m);
      const joined = addPolynomials(numerator, lifted);
      if (joined.monomials.length > numerator.monomials.length) continue;
      numerator = joined;
      apart.splice(index, 1);
      changed = true;
      break;
    }
  }
  const result = new Collector();
  for (const { level, m } of apart) result.add(over(m, group, level));
  for (const m of numerator.monomials) result.add(over(m, group, highest));
  return result.polynomial();
}
