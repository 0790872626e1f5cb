import type { Expression } from '../language/ast.js';
import { visit } from '../language/check/walk.js';
import type { Scope } from '../language/checked.js';
import { printExpression } from '../language/print.js';
import { groupAtom, isReduction } from './atoms.js';
import { binary, measured } from './build-expression.js';
import { extentOfCondition, writtenExtent } from './extent.js';
import { factorise } from './factorise.js';
import { machineForm } from './machine-form.js';
import { columnForm, nameForm, scalarForm } from './matrix-column.js';
import {
  diagonal,
  entrywise,
  isScalar,
  type MatrixExpression,
  number,
  ones,
  power,
  product,
  sum,
  symbol,
  transpose,
} from './matrix-expression.js';
import { columnOfSum, matrixOf, matrixOfMonomial, scalarOfSum } from './matrix-parts.js';
import { atomMonomial, multiplyMonomials, powerMonomial } from './monomial.js';
import { signalAtomNamed } from './names.js';
import { normalForm } from './normal-form.js';
import { constantOf, negatePolynomial } from './polynomial.js';
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
  const split = factorsOf(expression, false, scope);
  const varies = ({ factor }: WrittenFactor): boolean => writtenExtent(factor, scope) !== 'global';
  const multiplied = (factors: readonly WrittenFactor[]): Expression =>
    factors.reduce<Expression>(
      (before, { factor, divides }) => binary(divides ? '/' : '*', before, factor),
      one,
    );
  const common = multiplied(split.filter((each) => !varies(each)));
  const rest = split.filter(varies);
  const [scalar, varying] = [normalForm(common, scope), normalForm(multiplied(rest), scope)];
  if (scalar.monomials.length === 0 || varying.monomials.length === 0) return [];
  const value = constantOf(scalar);
  const front = [
    ...(negative ? [number(Q.MINUS_ONE)] : []),
    value ? number(value) : scalarForm(common, scope),
  ];
  const written = productOfSides(rest, scope);
  if (written) return [product([...front, ...written])];
  const whole = inOnePiece(varying);
  if (whole) return [product([...front, matrixOfMonomial(whole)])];
  const sign = negative ? Q.MINUS_ONE : Q.ONE;
  if (value && Q.equals(Q.absolute(value), Q.ONE)) {
    const turned = Q.isNegative(Q.multiply(value, sign));
    return varyingForm(turned ? negatePolynomial(varying) : varying, scope);
  }
  return [product([...front, sum(varyingForm(varying, scope))])];
}

/**
 * A product of what varies over one side and of W or other values of synapses, as its writer put it;
 * null where a factor is more than that, or stands there twice.
 */
function productOfSides(
  factors: readonly WrittenFactor[],
  scope: Scope,
): MatrixExpression[] | null {
  const sides: Record<'post' | 'pre' | 'synapse', MatrixExpression[]> = {
    post: [],
    pre: [],
    synapse: [],
  };
  const seen = new Set<string>();
  for (const { factor, divides } of factors) {
    const extent = writtenExtent(factor, scope);
    const text = printExpression(factor);
    if (extent === 'global' || seen.has(text) || hasReduction(factor)) return null;
    if (extent === 'synapse' && factor.kind !== 'name') return null;
    seen.add(text);
    const entries =
      extent === 'synapse' ? nameForm(factor, scope) : columnForm(factor, scope, extent);
    sides[extent].push(divides ? power(entries, number(Q.MINUS_ONE)) : entries);
  }
  const { post, pre, synapse } = sides;
  if (synapse.length > 0) return [...diagonals(post), entrywise(synapse), ...diagonals(pre)];
  if (post.length + pre.length === 0) return null;
  const column = (parts: readonly MatrixExpression[], side: 'post' | 'pre'): MatrixExpression =>
    parts.length === 0 ? ones(side) : entrywise(parts);
  return [column(post, 'post'), transpose(column(pre, 'pre'))];
}

/** diag(y)^2 where it is the diagonal matrix of a power. */
function diagonals(columns: readonly MatrixExpression[]): MatrixExpression[] {
  const [first] = columns;
  if (!first) return [];
  if (columns.length === 1 && first.kind === 'power' && isScalar(first.exponent)) {
    return [power(diagonal(first.base), first.exponent)];
  }
  return [diagonal(entrywise(columns))];
}

function hasReduction(expression: Expression): boolean {
  let found = false;
  visit(expression, (node) => {
    if (node.kind === 'call' && isReduction(node.callee)) found = true;
  });
  return found;
}

interface WrittenFactor {
  readonly factor: Expression;
  readonly divides: boolean;
}

function factorsOf(expression: Expression, divides: boolean, scope: Scope): WrittenFactor[] {
  if (expression.kind === 'negate') {
    return [{ factor: measured('-1'), divides }, ...factorsOf(expression.operand, divides, scope)];
  }
  if (expression.kind === 'if' && !divides) {
    const { condition, otherwise } = expression;
    const isFactor = isZero(otherwise) && isSafe(expression.then);
    if (isFactor && extentOfCondition(condition, scope) !== writtenExtent(expression, scope)) {
      // biome-ignore lint/suspicious/noThenProperty: this is the word of the language
      const holds: Expression = { ...expression, then: measured('1') };
      return [{ factor: holds, divides }, ...factorsOf(expression.then, divides, scope)];
    }
  }
  if (expression.kind !== 'binary' || !'*/'.includes(expression.operator)) {
    return [{ factor: expression, divides }];
  }
  const { operator, left, right } = expression;
  const turned = operator === '/' ? !divides : divides;
  return [...factorsOf(left, divides, scope), ...factorsOf(right, turned, scope)];
}

const isZero = (expression: Expression): boolean =>
  expression.kind === 'number' && expression.measure.number === 0;

/** Has a value whatever it reads, so that 0 times it is 0. */
function isSafe(expression: Expression): boolean {
  let safe = true;
  visit(expression, (node) => {
    if (node.kind === 'call') safe &&= !['sqrt', 'log', 'exp'].includes(node.callee);
    if (node.kind !== 'binary' || !'/^'.includes(node.operator)) return;
    visit(node.right, (part) => {
      safe &&= part.kind !== 'name' || part.member === null;
    });
    if (node.operator === '^') {
      const { right } = node;
      safe &&= right.kind === 'number' && Number.isInteger(right.measure.number);
    }
  });
  return safe;
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
