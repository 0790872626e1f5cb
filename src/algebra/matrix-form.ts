import type { Expression } from '../language/ast.js';
import type { Scope } from '../language/checked.js';
import { groupAtom } from './atoms.js';
import { binary, measured } from './build-expression.js';
import { writtenExtent } from './extent.js';
import { factorise } from './factorise.js';
import { machineForm } from './machine-form.js';
import {
  diagonal,
  type MatrixExpression,
  number,
  product,
  sum,
  symbol,
  transpose,
} from './matrix-expression.js';
import { columnOfSum, matrixOf, matrixOfMonomial, scalarOfSum } from './matrix-parts.js';
import { atomMonomial, multiplyMonomials, powerMonomial } from './monomial.js';
import { signalAtomNamed } from './names.js';
import { normalForm } from './normal-form.js';
import { negatePolynomial, single } from './polynomial.js';
import * as Q from './rational.js';
import type { Monomial, Polynomial } from './types.js';

/** A summand that multiplies out to more than this is grouped as engines would run it. */
const MOST_PARTS = 6;

/**
 * What a rule is over whole populations. The summands are the writer's, and so are the numbers and
 * parameters in front of them; within a summand, vectors and matrices are multiplied out, so that
 * y (x - Σ y w) becomes y xᵀ - y yᵀ W.
 */
export function matrixForm(expression: Expression, scope: Scope): MatrixExpression {
  const parts = summands(expression, false).flatMap((each) => summandForm(each, scope));
  return parts.length === 0 ? number(Q.ZERO) : sum(parts);
}

interface Summand {
  readonly negative: boolean;
  readonly expression: Expression;
}

function summands(expression: Expression, negative: boolean): Summand[] {
  if (expression.kind === 'negate') return summands(expression.operand, !negative);
  if (expression.kind === 'binary' && '+-'.includes(expression.operator)) {
    const { operator, left, right } = expression;
    const turned = operator === '-' ? !negative : negative;
    return [...summands(left, negative), ...summands(right, turned)];
  }
  return [{ negative, expression }];
}

/** The parts of one summand: one with a number in front, or several. */
function summandForm({ negative, expression }: Summand, scope: Scope): MatrixExpression[] {
  const one = measured('1');
  const split = factorsOf(expression, false);
  let [common, rest] = [one, one] as [Expression, Expression];
  for (const { factor, divides } of split) {
    const operator = divides ? '/' : '*';
    if (writtenExtent(factor, scope) === 'global') common = binary(operator, common, factor);
    else rest = binary(operator, rest, factor);
  }
  const [scalar, varying] = [normalForm(common, scope), normalForm(rest, scope)];
  if (scalar.monomials.length === 0 || varying.monomials.length === 0) return [];
  const front = negative ? negatePolynomial(scalar) : scalar;
  if (front.monomials.length > 1) {
    const magnitude = negative ? [number(Q.MINUS_ONE), scalarOfSum(scalar)] : [scalarOfSum(scalar)];
    return [product([...magnitude, sum(varyingForm(varying, scope))])];
  }
  const factor = front.monomials[0]!;
  const whole = inOnePiece(varying);
  if (whole) return [matrixOfMonomial(multiplyMonomials(factor, whole))];
  const plain = factor.factors.length === 0 && Q.equals(Q.absolute(factor.coefficient), Q.ONE);
  if (plain)
    return varyingForm(
      Q.isNegative(factor.coefficient) ? negatePolynomial(varying) : varying,
      scope,
    );
  return [product([scalarOfSum(single(factor)), sum(varyingForm(varying, scope))])];
}

interface WrittenFactor {
  readonly factor: Expression;
  readonly divides: boolean;
}

function factorsOf(expression: Expression, divides: boolean): WrittenFactor[] {
  if (expression.kind === 'negate') {
    return [{ factor: measured('-1'), divides }, ...factorsOf(expression.operand, divides)];
  }
  if (expression.kind !== 'binary' || !'*/'.includes(expression.operator)) {
    return [{ factor: expression, divides }];
  }
  const { operator, left, right } = expression;
  const turned = operator === '/' ? !divides : divides;
  return [...factorsOf(left, divides), ...factorsOf(right, turned)];
}

/** A product whose brackets vary over one side only, as one monomial; null where there is none. */
function inOnePiece(p: Polynomial): Monomial | null {
  const [only] = p.monomials;
  if (p.monomials.length === 1 && only) return only;
  const { monomial, sums } = factorise(p);
  let whole = monomial;
  for (const { sum: bracket, exponent } of sums) {
    const atom = groupAtom(bracket);
    if (atom.extent === 'synapse' || hasSums(bracket)) return null;
    whole = multiplyMonomials(whole, powerMonomial(atomMonomial(atom), exponent));
  }
  return whole;
}

function hasSums(p: Polynomial): boolean {
  return p.monomials.some((m) => m.factors.some(({ atom }) => atom.kind === 'reduction'));
}

function varyingForm(p: Polynomial, scope: Scope): MatrixExpression[] {
  if (p.monomials.length <= MOST_PARTS) {
    const [negative, positive] = [true, false].map((sign) =>
      p.monomials.filter((m) => Q.isNegative(m.coefficient) === sign),
    );
    return [...positive!, ...negative!].map(matrixOfMonomial);
  }
  const weight = signalAtomNamed('w', scope);
  const { outers, decay, rows, columns, dense } = machineForm(p);
  const parts = outers.map(({ post, pre }) =>
    product([columnOfSum(post, 'post'), transpose(columnOfSum(pre, 'pre'))]),
  );
  if (weight && 'name' in weight) {
    const matrix = symbol(weight);
    if (decay.monomials.length > 0) parts.push(product([scalarOfSum(decay), matrix]));
    if (rows.monomials.length > 0)
      parts.push(product([diagonal(columnOfSum(rows, 'post')), matrix]));
    if (columns.monomials.length > 0) {
      parts.push(product([matrix, diagonal(columnOfSum(columns, 'pre'))]));
    }
  }
  if (dense.monomials.length > 0) parts.push(matrixOf(dense));
  return parts;
}
