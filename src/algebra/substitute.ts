import type { Scope } from '../language/checked.js';
import { wholeVocabulary } from '../language/vocabulary.js';
import { conditionalAtom, powerAtom } from './atoms.js';
import { choose, settle } from './conditionals.js';
import { compared, type Logic, literalsOf } from './conditions.js';
import { product, reciprocal, wholePower } from './divide.js';
import { applyFunction } from './functions.js';
import {
  addPolynomials,
  constant,
  constantOf,
  NOTHING,
  ofAtom,
  subtractPolynomials,
  UNIT,
} from './polynomial.js';
import * as Q from './rational.js';
import { reduction } from './reductions.js';
import type { Atom, ConditionForm, Polynomial } from './types.js';

/** What a name stands for; null: itself. */
export type Replacement = (atom: Atom) => Polynomial | null;

/**
 * The normal form with names (signals, parameters, memory, units) replaced, also inside sums, functions
 * and conditions. Throws an `EngrammarError` where a divisor becomes 0.
 */
export function substitute(p: Polynomial, replace: Replacement): Polynomial {
  let sum = NOTHING;
  for (const { coefficient, factors } of p.monomials) {
    let term = constant(coefficient);
    for (const { atom, exponent } of factors) {
      term = product(term, raised(rebuilt(atom, replace), exponent));
    }
    sum = addPolynomials(sum, term);
  }
  return settle(sum);
}

function raised(base: Polynomial, exponent: number): Polynomial {
  return exponent < 0 ? wholePower(reciprocal(base), -exponent) : wholePower(base, exponent);
}

/** Sizes of populations have names in the whole vocabulary. */
const SCOPE: Scope = { table: wholeVocabulary, parameters: new Map(), memories: new Map() };

function rebuilt(atom: Atom, replace: Replacement): Polynomial {
  const inner = (p: Polynomial): Polynomial => substitute(p, replace);
  switch (atom.kind) {
    case 'reduction':
      return reduction(atom.callee, independent(inner(atom.inner), atom.callee), atom.range, SCOPE);
    case 'function':
      return applyFunction(atom.callee, atom.args.map(inner));
    case 'conditional': {
      const logic = logicWith(atom.condition, inner);
      return choose(logic, inner(atom.then), inner(atom.otherwise));
    }
    case 'group':
      return inner(atom.inner);
    case 'power': {
      const [base, exponent] = [inner(atom.base), inner(atom.exponent)];
      const value = constantOf(exponent);
      const whole = value && Q.toWhole(value);
      return whole === null ? ofAtom(powerAtom(base, exponent)) : raised(base, whole);
    }
    default:
      return replace(atom) ?? ofAtom(atom);
  }
}

const LINEAR = /^(sum_|mean_pre|mean_post)/;

/**
 * What is summed, with 1 − [c] for every condition [not c]: unlike the products of a normal form these
 * are independent, so that sums that were taken apart under other names are equal again.
 */
function independent(p: Polynomial, callee: string): Polynomial {
  if (!LINEAR.test(callee)) return p;
  let sum = NOTHING;
  for (const { coefficient, factors } of p.monomials) {
    let term = constant(coefficient);
    for (const { atom, exponent } of factors) {
      const opposite = atom.kind === 'conditional' ? contraryOf(atom) : null;
      const factor = opposite
        ? subtractPolynomials(UNIT, ofAtom(opposite))
        : ofAtom(atom, exponent);
      term = product(term, factor);
    }
    sum = addPolynomials(sum, term);
  }
  return sum;
}

/** The test of a factor that is 1 where the test fails, as a factor that is 1 where it holds. */
function contraryOf({ condition, then }: Extract<Atom, { kind: 'conditional' }>): Atom | null {
  const [literal, ...others] = literalsOf(condition) ?? [];
  if (then.key !== UNIT.key || !literal || literal.holds || others.length > 0) return null;
  return conditionalAtom(literal.test, UNIT);
}

function logicWith(condition: ConditionForm, inner: (p: Polynomial) => Polynomial): Logic {
  if (condition.kind === 'positive') return compared(inner(condition.value), condition.orEqual);
  const parts = condition.parts.map((part) => logicWith(part, inner));
  return { kind: condition.kind, parts };
}
