import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { mathjsCannotSay } from '../base/diagnostics/mathjs.js';
import { failure, type Result, success } from '../base/result.js';
import type { Expression } from '../language/ast.js';
import { visit, withParts } from '../language/check/walk.js';
import type { Scope } from '../language/checked.js';
import { printExpression } from '../language/print.js';
import { named } from './build-expression.js';
import { mathjsNames } from './mathjs-names.js';

/**
 * An expression as mathjs reads it: names without dots, sums as functions. The language and mathjs
 * agree on everything else: -x^2 is -(x^2), a / b * c is (a / b) * c.
 */
export function writeMathjs(expression: Expression, scope: Scope): Result<string> {
  const refusals: Diagnostic[] = [];
  visit(expression, (node) => {
    const what = unsayable(node);
    if (what !== null) refusals.push(mathjsCannotSay({ what }, { span: node.span }));
  });
  if (refusals.length > 0) return failure(...refusals);
  const { written } = mathjsNames(scope);
  const renamed = (node: Expression): Expression => {
    if (node.kind !== 'name') return withParts(node, renamed);
    const name = node.member === null ? node.name : `${node.name}.${node.member}`;
    return named(written.get(name) ?? name.replaceAll('.', '_'));
  };
  return success(printExpression(renamed(expression)));
}

function unsayable(node: Expression): string | null {
  if (node.kind === 'if') return '`if`';
  if (node.kind === 'name' && node.moment !== null)
    return `the moment in \`${printExpression(node)}\``;
  if (node.kind !== 'number') return null;
  const { unit, per } = node.measure;
  return unit === null && per.length === 0 ? null : `\`${printExpression(node)}\``;
}
