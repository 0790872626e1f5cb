import type { Condition, Expression } from '../language/ast.js';
import type { Scope } from '../language/checked.js';
import { isReduction } from './atoms.js';
import {
  call,
  cases,
  entrywise,
  isScalar,
  type MatrixCondition,
  type MatrixExpression,
  measure,
  number,
  ones,
  power,
  product,
  sum,
  symbol,
} from './matrix-expression.js';
import { columnOfSum, scalarOfSum } from './matrix-parts.js';
import { resolveName } from './names.js';
import { normalForm } from './normal-form.js';
import * as Q from './rational.js';

/**
 * An expression with one value for every neuron of a population as a column, or one that is a number,
 * in the writer's algebra: everything acts entry by entry. Only sums over neurons are multiplied out.
 */
export function columnForm(
  expression: Expression,
  scope: Scope,
  side: 'post' | 'pre',
): MatrixExpression {
  return asColumn(entries(expression, scope, side), side);
}

/** A broadcast expression in the writer's algebra. */
export function scalarForm(expression: Expression, scope: Scope): MatrixExpression {
  return entries(expression, scope, 'post');
}

/** A signal, memory or parameter as a whole. */
export function nameForm(expression: Expression, scope: Scope): MatrixExpression {
  return entries(expression, scope, 'post');
}

function asColumn(value: MatrixExpression, side: 'post' | 'pre'): MatrixExpression {
  return isScalar(value) ? product([value, ones(side)]) : value;
}

/** A column, or a number where nothing varies over the neurons. */
function entries(expression: Expression, scope: Scope, side: 'post' | 'pre'): MatrixExpression {
  const of = (part: Expression): MatrixExpression => entries(part, scope, side);
  switch (expression.kind) {
    case 'number': {
      const { text, unit, per } = expression.measure;
      const isScientific = /e/i.test(text);
      if (unit !== null || per.length > 0 || isScientific) return measure(expression.measure);
      return number(Q.parseRational(text));
    }
    case 'name':
      return symbol(namedAtom(expression, scope));
    case 'negate':
      return product([number(Q.MINUS_ONE), of(expression.operand)]);
    case 'call':
      return isReduction(expression.callee)
        ? reduced(expression, scope, side)
        : functionOf(expression.callee, expression.args.map(of));
    case 'binary': {
      const [left, right] = [of(expression.left), of(expression.right)];
      switch (expression.operator) {
        case '+':
          return added(left, right, side);
        case '-':
          return added(left, product([number(Q.MINUS_ONE), right]), side);
        case '*':
          return multiplied(left, right);
        case '/':
          return multiplied(left, power(right, number(Q.MINUS_ONE)));
        case '^':
          return isScalar(left) && !isScalar(right)
            ? power(asColumn(left, side), right)
            : power(left, right);
      }
      break;
    }
    case 'if':
      return cases(
        conditionOf(expression.condition, of),
        of(expression.then),
        of(expression.otherwise),
      );
  }
}

function namedAtom(expression: Extract<Expression, { kind: 'name' }>, scope: Scope) {
  const atom = resolveName(expression, scope);
  // Names are signals, memory or parameters, all of which have one.
  if (!('name' in atom)) throw new Error(`${atom.key} is no name`);
  return atom;
}

function reduced(expression: Expression, scope: Scope, side: 'post' | 'pre'): MatrixExpression {
  const form = normalForm(expression, scope);
  const varies = form.monomials.some(({ extent }) => extent !== 'global');
  return varies ? columnOfSum(form, side) : scalarOfSum(form);
}

function functionOf(callee: string, args: readonly MatrixExpression[]): MatrixExpression {
  return call(callee, args, args.find((each) => !isScalar(each)) ?? number(Q.ONE));
}

function added(
  left: MatrixExpression,
  right: MatrixExpression,
  side: 'post' | 'pre',
): MatrixExpression {
  if (isScalar(left) && isScalar(right)) return sum([left, right]);
  return sum([asColumn(left, side), asColumn(right, side)]);
}

/** Numbers in front of the columns, and the columns entry by entry. */
function multiplied(left: MatrixExpression, right: MatrixExpression): MatrixExpression {
  const scaled = (each: MatrixExpression): boolean =>
    each.kind === 'product' && each.factors.filter((factor) => !isScalar(factor)).length === 1;
  const factors = [left, right].flatMap((each) =>
    each.kind === 'product' && scaled(each) ? each.factors : [each],
  );
  const columns = factors
    .filter((each) => !isScalar(each))
    .flatMap((each) => (each.kind === 'entrywise' ? each.factors : [each]));
  const scalars = factors.filter(isScalar);
  return columns.length === 0 ? product(scalars) : product([...scalars, entrywise(columns)]);
}

function conditionOf(
  condition: Condition,
  of: (part: Expression) => MatrixExpression,
): MatrixCondition {
  if (condition.kind === 'compare') {
    const { operator, left, right } = condition;
    return { kind: operator, left: of(left), right: of(right) };
  }
  const { kind, left, right } = condition;
  return { kind, parts: [conditionOf(left, of), conditionOf(right, of)] };
}
