import type { Condition, Expression } from '../ast.js';

/** The parts of an expression, conditions taken apart. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return [];
    case 'call':
      return expression.args;
    case 'negate':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'if':
      return [...operandsOf(expression.condition), expression.then, expression.otherwise];
  }
}

function operandsOf(condition: Condition): readonly Expression[] {
  return condition.kind === 'compare'
    ? [condition.left, condition.right]
    : [...operandsOf(condition.left), ...operandsOf(condition.right)];
}

/** An expression with its parts changed; itself where no part was. */
export function withParts(
  expression: Expression,
  change: (part: Expression) => Expression,
): Expression {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return expression;
    case 'call': {
      const args = expression.args.map(change);
      return args.every((arg, i) => arg === expression.args[i])
        ? expression
        : { ...expression, args };
    }
    case 'negate': {
      const operand = change(expression.operand);
      return operand === expression.operand ? expression : { ...expression, operand };
    }
    case 'binary': {
      const left = change(expression.left);
      const right = change(expression.right);
      const same = left === expression.left && right === expression.right;
      return same ? expression : { ...expression, left, right };
    }
    case 'if': {
      const condition = conditionWith(expression.condition, change);
      const then = change(expression.then);
      return { ...expression, condition, then, otherwise: change(expression.otherwise) };
    }
  }
}

/** A condition with the expressions it compares changed. */
export function conditionWith(
  condition: Condition,
  change: (part: Expression) => Expression,
): Condition {
  return condition.kind === 'compare'
    ? { ...condition, left: change(condition.left), right: change(condition.right) }
    : {
        ...condition,
        left: conditionWith(condition.left, change),
        right: conditionWith(condition.right, change),
      };
}

/** Calls back for every node, parts after the whole. */
export function visit(expression: Expression, see: (node: Expression) => void): void {
  see(expression);
  for (const part of partsOf(expression)) visit(part, see);
}
