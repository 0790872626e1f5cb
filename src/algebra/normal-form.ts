import { divisionByZero, numberOutOfRange, zeroToPowerZero } from '../base/diagnostics/algebra.js';
import { EngrammarError } from '../base/result.js';
import type { Span } from '../base/source.js';
import type { BinaryExpression, CallExpression, Expression, Measure } from '../language/ast.js';
import type { Scope } from '../language/checked.js';
import { printExpression } from '../language/print.js';
import { isReduction, powerAtom, unitAtom } from './atoms.js';
import { choose, settle } from './conditionals.js';
import { logicOf } from './conditions.js';
import { product, reciprocal, wholePower } from './divide.js';
import { writtenRange } from './extent.js';
import { applyFunction } from './functions.js';
import { atomMonomial, powerMonomial } from './monomial.js';
import { resolveName } from './names.js';
import {
  Collector,
  constant,
  constantOf,
  negatePolynomial,
  ofAtom,
  scalePolynomial,
  single,
  UNIT,
} from './polynomial.js';
import * as Q from './rational.js';
import { reduction } from './reductions.js';
import type { Monomial, Polynomial } from './types.js';

/**
 * The normal form of an expression whose lets and choices have been replaced: products and whole
 * powers multiplied out, sums split and freed of what does not vary over their index, like
 * monomials collected, fractions divided out. Coefficients are exact. Expressions that differ only
 * by school algebra have the same normal form where they have at most one sum as divisor; `equal`
 * decides the rest.
 *
 * Bounds: a product that would have more than 5,000 monomials, or a sum to a power above 64, is
 * kept as one `power` atom instead of being multiplied out.
 *
 * Throws an `EngrammarError` for a division by zero, 0^0, more than 8 comparisons in one sum, numbers
 * that cannot be held, and names that are not in the scope.
 */
export function normalForm(expression: Expression, scope: Scope): Polynomial {
  return placed(expression.span, () => writable(settle(walk(expression, scope)), expression));
}

/** What `make` gives; mistakes that do not say where they are get this place. */
export function placed<T>(span: Span, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof EngrammarError)) throw error;
    throw new EngrammarError(...error.diagnostics.map((each) => ({ span, ...each })));
  }
}

const LARGE = 10n ** 307n;

/** Refuses numbers that no text could write or engine could hold. */
function writable(p: Polynomial, expression: Expression): Polynomial {
  for (const { coefficient } of p.monomials) {
    const { numerator, denominator } = coefficient;
    if (numerator < LARGE && numerator > -LARGE && denominator < LARGE) continue;
    const size = Math.abs(Q.toNumber(coefficient));
    if (size < 1e307 && size > 1e-307 && Q.decimalText(coefficient) !== null) continue;
    const text = shortText(expression);
    throw new EngrammarError(numberOutOfRange({ text }, { span: expression.span }));
  }
  return p;
}

/** As `normalForm`, but fractions are not yet divided out: that is done once, at the end. */
function walk(expression: Expression, scope: Scope): Polynomial {
  switch (expression.kind) {
    case 'number':
      return quantity(expression.measure);
    case 'name':
      return ofAtom(resolveName(expression, scope));
    case 'negate':
      return negatePolynomial(walk(expression.operand, scope));
    case 'call':
      return call(expression, scope);
    case 'binary':
      return binary(expression, scope);
    case 'if': {
      const form = (part: Expression): Polynomial => normalForm(part, scope);
      const { condition, then, otherwise } = expression;
      return choose(logicOf(condition, form), form(then), form(otherwise));
    }
  }
}

function binary(expression: BinaryExpression, scope: Scope): Polynomial {
  switch (expression.operator) {
    case '+':
    case '-': {
      const total = new Collector();
      addUp(expression, Q.ONE, total, scope);
      return total.polynomial();
    }
    case '*':
      return product(walk(expression.left, scope), walk(expression.right, scope));
    case '/':
      return product(walk(expression.left, scope), inverse(expression.right, scope));
    case '^':
      return raised(expression, scope);
  }
}

/** Adds a sum's parts to one collector; the left spine, which may be long, without recursion. */
function addUp(expression: Expression, sign: Q1, total: Collector, scope: Scope): void {
  let rest = expression;
  while (rest.kind === 'binary' && (rest.operator === '+' || rest.operator === '-')) {
    const rightSign = rest.operator === '+' ? sign : Q.negate(sign);
    addUp(rest.right, rightSign, total, scope);
    rest = rest.left;
  }
  total.addAll(walk(rest, scope), sign);
}

type Q1 = Monomial['coefficient'];

/** 1 / expression. Products and powers are inverted factor by factor, so that they stay factors. */
function inverse(expression: Expression, scope: Scope): Polynomial {
  if (expression.kind === 'negate') return negatePolynomial(inverse(expression.operand, scope));
  if (expression.kind === 'binary') {
    const { operator, left, right } = expression;
    if (operator === '*') return product(inverse(left, scope), inverse(right, scope));
    if (operator === '/') return product(inverse(left, scope), walk(right, scope));
    if (operator === '^') {
      const n = wholeExponent(right, scope);
      if (n !== null && n > 0) return wholePower(inverse(left, scope), n);
    }
  }
  const divisor = normalForm(expression, scope);
  try {
    return reciprocal(divisor);
  } catch (error) {
    if (error instanceof EngrammarError && error.diagnostics[0]?.code === divisionByZero.code) {
      throw new EngrammarError(
        divisionByZero({ divisor: shortText(expression) }, { span: expression.span }),
      );
    }
    throw error;
  }
}

function shortText(expression: Expression): string {
  const text = printExpression(expression);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function wholeExponent(expression: Expression, scope: Scope): number | null {
  const value = constantOf(normalForm(expression, scope));
  return value && Q.toWhole(value);
}

function raised({ left, right, span }: BinaryExpression, scope: Scope): Polynomial {
  const exponent = normalForm(right, scope);
  const value = constantOf(exponent);
  const n = value && Q.toWhole(value);
  if (n === 0) {
    if (normalForm(left, scope).monomials.length > 0) return UNIT;
    throw new EngrammarError(zeroToPowerZero({ base: shortText(left) }, { span }));
  }
  // Divided out first: a power of a fraction has many more terms than the fraction.
  if (n !== null && n > 0) return wholePower(normalForm(left, scope), n);
  if (n !== null) return wholePower(inverse(left, scope), -n);
  return ofAtom(powerAtom(normalForm(left, scope), exponent));
}

function call({ callee, args }: CallExpression, scope: Scope): Polynomial {
  if (!isReduction(callee)) {
    return applyFunction(
      callee,
      args.map((arg) => normalForm(arg, scope)),
    );
  }
  const [argument] = args;
  if (!argument) return UNIT;
  const range = callee.endsWith('_all') ? writtenRange(callee, argument, scope) : 'global';
  return reduction(callee, normalForm(argument, scope), range, scope);
}

/** Numbers of the base units ms, mV and step. */
export function quantity({ text, unit, per }: Measure): Polynomial {
  const value = Q.parseRational(text);
  if (unit === null && per.length === 0) return constant(value);
  let result = constant(value);
  if (unit !== null) result = product(result, single(BASE[unit]));
  for (const u of per) result = product(result, single(powerMonomial(BASE[u], -1)));
  return result;
}

const thousandth = Q.rational(1, 1000);
const milliseconds = atomMonomial(unitAtom('ms'));
const BASE = {
  ms: milliseconds,
  s: scaled(milliseconds, Q.rational(1000)),
  Hz: scaled(powerMonomial(milliseconds, -1), thousandth),
  mV: atomMonomial(unitAtom('mV')),
  step: atomMonomial(unitAtom('step')),
};

function scaled(m: Monomial, factor: Q1): Monomial {
  return scalePolynomial(single(m), factor).monomials[0]!;
}
