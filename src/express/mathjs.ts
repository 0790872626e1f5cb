import { equal } from '../algebra/equal.js';
import { readMathjs } from '../algebra/mathjs-read.js';
import { writeMathjs } from '../algebra/mathjs-write.js';
import { normalForm } from '../algebra/normal-form.js';
import { type Result, success } from '../base/result.js';
import type { CheckedRule } from '../language/checked.js';

/**
 * The right side of `dw` as an expression that mathjs parses: names without dots (`post_error`), sums
 * as functions (`sum_post(…)`). `verified` says that mathjs read the text back as an equal update.
 */
export function mathjsUpdate({
  update,
  scope,
}: CheckedRule): Result<{ readonly code: string; readonly verified: boolean }> {
  const written = writeMathjs(update, scope);
  if (!written.ok) return written;
  const code = written.value;
  const read = readMathjs({ name: 'mathjs', text: code }, scope);
  const verified = read.ok && equal(normalForm(read.value, scope), normalForm(update, scope));
  return success({ code, verified });
}
