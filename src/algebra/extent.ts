import { sumRangeUnclear } from '../base/diagnostics/algebra.js';
import { EngrammarError } from '../base/result.js';
import type { Condition, Expression } from '../language/ast.js';
import type { Scope } from '../language/checked.js';
import { type Extent, joinExtents } from '../language/signals.js';
import { isReduction, reductionExtent } from './atoms.js';
import { resolveName } from './names.js';

/** The extent of an expression as written: the union of the extents of its names and sums. */
export function writtenExtent(expression: Expression, scope: Scope): Extent {
  switch (expression.kind) {
    case 'number':
      return 'global';
    case 'name':
      return resolveName(expression, scope).extent;
    case 'negate':
      return writtenExtent(expression.operand, scope);
    case 'binary':
      return joinExtents(
        writtenExtent(expression.left, scope),
        writtenExtent(expression.right, scope),
      );
    case 'call':
      return isReduction(expression.callee)
        ? reductionExtent(expression.callee)
        : expression.args
            .map((arg) => writtenExtent(arg, scope))
            .reduce<Extent>(joinExtents, 'global');
    case 'if':
      return [expression.then, expression.otherwise]
        .map((branch) => writtenExtent(branch, scope))
        .reduce(joinExtents, extentOfCondition(expression.condition, scope));
  }
}

export function extentOfCondition(condition: Condition, scope: Scope): Extent {
  return condition.kind === 'compare'
    ? joinExtents(writtenExtent(condition.left, scope), writtenExtent(condition.right, scope))
    : joinExtents(
        extentOfCondition(condition.left, scope),
        extentOfCondition(condition.right, scope),
      );
}

/** What a `_all` reduction ranges over. Throws an `EngrammarError` when its argument is global. */
export function writtenRange(callee: string, argument: Expression, scope: Scope): Extent {
  const range = writtenExtent(argument, scope);
  if (range === 'global') throw new EngrammarError(sumRangeUnclear({ callee, inner: '…' }));
  return range;
}
