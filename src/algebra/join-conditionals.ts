import { conditionalAtom } from './atoms.js';
import { isSafe } from './conditionals.js';
import {
  allOf,
  anyOf,
  type Comparison,
  comparisonOf,
  contrary,
  isConjunction,
  type Literal,
  literalsOf,
} from './conditions.js';
import {
  atomMonomial,
  type Factor,
  monomial,
  multiplyMonomials,
  powerMonomial,
} from './monomial.js';
import { addPolynomials, multiplyByMonomial, polynomial, single } from './polynomial.js';
import * as Q from './rational.js';
import type { Atom, ConditionForm, Monomial, Polynomial } from './types.js';

/** One `if` for people. */
interface Choice {
  readonly condition: ConditionForm;
  readonly then: Polynomial;
  readonly otherwise: Polynomial;
}

/**
 * Brings what depends on one comparison back together for people: a · [c] − b · [c] + d · [not c] is
 * `if c then a - b else d`. The result has conditional atoms with two branches, has the same value, and
 * depends on nothing but the normal form; it is fit for writing only.
 */
export function joinConditionals(p: Polynomial): Polynomial {
  const test = mostUsedTest(p);
  if (!test) return p;
  const { rest, yes, no } = splitBy(p, test);
  const choice = joined(test, yes, no);
  if (rest.monomials.length === 0 && choice.otherwise.monomials.length === 0) {
    return single(atomMonomial(atomOf(choice)));
  }
  const common = commonFactors(choice);
  const free = (branch: Polynomial): Polynomial =>
    multiplyByMonomial(branch, powerMonomial(common, -1));
  const [then, otherwise] = [free(choice.then), free(choice.otherwise)];
  const atom = atomOf({ condition: choice.condition, then, otherwise });
  const part = single(multiplyMonomials(common, atomMonomial(atom)));
  return addPolynomials(joinConditionals(rest), part);
}

const atomOf = ({ condition, then, otherwise }: Choice): Atom =>
  conditionalAtom(condition, then, otherwise);

const choiceOf = (condition: ConditionForm, then: Polynomial, otherwise: Polynomial): Choice => ({
  condition,
  then,
  otherwise,
});

/** The comparison on which most products depend; null where none depends on any. */
function mostUsedTest(p: Polynomial): Comparison | null {
  const counts = new Map<string, { test: Comparison; count: number }>();
  for (const { factors } of p.monomials) {
    const own = new Map(factors.flatMap(literalsIn).map(({ test }) => [test.key, test]));
    for (const [key, test] of own) {
      counts.set(key, { test, count: 1 + (counts.get(key)?.count ?? 0) });
    }
  }
  let best: { test: Comparison; count: number } | null = null;
  for (const key of [...counts.keys()].sort()) {
    const each = counts.get(key)!;
    if (!best || each.count > best.count) best = each;
  }
  return best?.test ?? null;
}

/** The comparisons that must hold, or must not, for a factor of a normal form not to be 0. */
function literalsIn({ atom, exponent }: Factor): readonly Literal[] {
  if (atom.kind !== 'conditional' || exponent !== 1) return [];
  const isJoined = atom.otherwise.monomials.length > 0 || atom.then.monomials.length > 1;
  return isJoined ? [] : (literalsOf(atom.condition) ?? []);
}

/** What stands where the comparison holds, where it does not, and anywhere. */
function splitBy(
  p: Polynomial,
  test: Comparison,
): { rest: Polynomial; yes: Polynomial; no: Polynomial } {
  const parts: Record<'rest' | 'yes' | 'no', Monomial[]> = { rest: [], yes: [], no: [] };
  for (const m of p.monomials) {
    let side: keyof typeof parts = 'rest';
    let freed = monomial(m.coefficient, []);
    for (const factor of m.factors) {
      const literals = literalsIn(factor);
      const own = literals.find((literal) => literal.test.key === test.key);
      if (!own || factor.atom.kind !== 'conditional') {
        freed = multiplyMonomials(freed, monomial(Q.ONE, [factor]));
        continue;
      }
      side = own.holds ? 'yes' : 'no';
      const left = literals.filter((literal) => literal !== own);
      const inside = factor.atom.then.monomials[0]!;
      const still =
        left.length > 0 ? atomMonomial(conditionalAtom(allOf(left), factor.atom.then)) : inside;
      freed = multiplyMonomials(freed, still);
    }
    parts[side].push(freed);
  }
  return { rest: polynomial(parts.rest), yes: polynomial(parts.yes), no: polynomial(parts.no) };
}

/** One `if`; a choice inside a choice with a branch in common is one with `and` or `or`. */
function joined(test: Comparison, yes: Polynomial, no: Polynomial): Choice {
  const isNo =
    yes.monomials.length === 0 ||
    (no.monomials.length > 0 && mostUsedTest(yes) !== null && mostUsedTest(no) === null);
  const literal: Literal = { test, holds: !isNo };
  const [then, otherwise] = isNo ? [no, yes] : [yes, no];
  const condition = comparisonOf(literal);
  const inner = wholeChoice(then);
  if (inner && isConjunction(inner.condition) && inner.otherwise.key === otherwise.key) {
    const literals = [literal, ...literalsOf(inner.condition)!];
    return choiceOf(allOf(literals), inner.then, otherwise);
  }
  const other = wholeChoice(otherwise);
  if (other && other.then.key === then.key) {
    return eitherOf({ condition, then, otherwise: other.otherwise }, other.condition);
  }
  if (other && other.otherwise.key === then.key) {
    const opposite = contrary(other.condition);
    if (opposite) return eitherOf({ condition, then, otherwise: other.then }, opposite);
  }
  return { condition, then, otherwise };
}

/** The choice where one more condition leads to its first branch; `and` reads better than `or`. */
function eitherOf({ condition, then, otherwise }: Choice, other: ConditionForm): Choice {
  const either = anyOf([condition, other]);
  const contraries = either.kind === 'or' ? either.parts.map(contrary) : [];
  const both = contraries.flatMap((each) => (each ? [...(literalsOf(each) ?? [])] : []));
  if (otherwise.monomials.length === 0 || both.length < contraries.length || both.length === 0) {
    return { condition: either, then, otherwise };
  }
  return choiceOf(allOf(both), otherwise, then);
}

/** The sum as one choice, where all of it depends on one comparison. */
function wholeChoice(p: Polynomial): Choice | null {
  const test = mostUsedTest(p);
  if (!test) return null;
  const { rest, yes, no } = splitBy(p, test);
  return rest.monomials.length === 0 ? joined(test, yes, no) : null;
}

/** What stands in every product of both branches and may stand outside. */
function commonFactors({ then, otherwise }: Choice): Monomial {
  const [first, ...others] = [...then.monomials, ...otherwise.monomials];
  const isAlone = otherwise.monomials.length === 0;
  let common = first!.factors.filter(
    ({ atom, exponent }) =>
      exponent > 0 && atom.kind !== 'conditional' && !(isAlone && !isSafe(atom)),
  );
  for (const { factors } of others) {
    common = common.flatMap(({ atom, exponent }) => {
      const there = factors.find((factor) => factor.atom.key === atom.key)?.exponent ?? 0;
      return there > 0 ? [{ atom, exponent: Math.min(exponent, there) }] : [];
    });
  }
  const minus = !isAlone && [first!, ...others].every((m) => Q.isNegative(m.coefficient));
  return monomial(minus ? Q.MINUS_ONE : Q.ONE, common);
}
