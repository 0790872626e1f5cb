import {
  type BinaryOperator,
  type Expression,
  type Measure,
  type Moment,
  type NameExpression,
  NOWHERE,
  type UnitName,
} from '../language/ast.js';

/** Small makers of syntax trees, for what the algebra writes. */

export function measured(
  text: string,
  unit: UnitName | null = null,
  per: readonly UnitName[] = [],
): Expression {
  const measure: Measure = { text, number: Number(text), unit, per };
  return { kind: 'number', measure, span: NOWHERE };
}

/** `post.error` with or without a member. */
export function named(text: string, moment: Moment | null = null): NameExpression {
  const [name = text, member] = text.split('.');
  return { kind: 'name', name, member: member ?? null, moment, span: NOWHERE };
}

export function called(callee: string, args: readonly Expression[]): Expression {
  return { kind: 'call', callee, calleeSpan: NOWHERE, args, span: NOWHERE };
}

export function negated(operand: Expression): Expression {
  return { kind: 'negate', operand, span: NOWHERE };
}

export function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right, span: NOWHERE };
}

/** The negated expression with the minus at its first factor: `-a * b`, not `-(a * b)`. */
export function leadingMinus(expression: Expression): Expression {
  if (expression.kind === 'binary' && '*/'.includes(expression.operator)) {
    const { operator, left, right } = expression;
    return binary(operator, leadingMinus(left), right);
  }
  return negated(expression);
}

/** The moment of a memory before this step's input came. */
export const BEFORE: Moment = { kind: 'named', name: 'before' };
