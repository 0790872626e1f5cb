import { equal } from '../algebra/equal.js';
import { readMathjs } from '../algebra/mathjs-read.js';
import { writeMathjs } from '../algebra/mathjs-write.js';
import { normalForm } from '../algebra/normal-form.js';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { mathjsCannotSay } from '../base/diagnostics/mathjs.js';
import { failure, type Result, success } from '../base/result.js';
import type { RuleLine } from '../language/ast.js';
import type { CheckedRule } from '../language/checked.js';
import { printLine } from '../language/print.js';

/**
 * The right side of `dw` as an expression that mathjs parses: names without dots (`post_error`), sums
 * as functions (`sum_post(…)`). `verified` says that mathjs read the text back as an equal update.
 * A rule that is more than one `dw` without clauses is refused, with one diagnostic for each line.
 */
export function mathjsUpdate(
  rule: CheckedRule,
): Result<{ readonly code: string; readonly verified: boolean }> {
  const { update, scope, source } = rule;
  const refusals = rule.rule.lines.flatMap((line): Diagnostic[] => {
    if (isSayable(line)) return [];
    const facts = { what: `\`${printLine(line)}\``, isLine: true };
    return [mathjsCannotSay(facts, { source, span: line.span })];
  });
  if (refusals.length > 0) return failure(...refusals);
  const written = writeMathjs(update, scope);
  if (!written.ok) return failure(...written.diagnostics.map((each) => ({ source, ...each })));
  const code = written.value;
  const read = readMathjs({ name: 'mathjs', text: code }, scope);
  const verified = read.ok && equal(normalForm(read.value, scope), normalForm(update, scope));
  return success({ code, verified });
}

function isSayable(line: RuleLine): boolean {
  switch (line.kind) {
    case 'note':
    case 'param':
    case 'let':
      return true;
    case 'change':
      return line.form === 'dw' && line.clauses.length === 0;
    default:
      return false;
  }
}
