import { canonicalRule } from '../algebra/canonical-rule.js';
import { ruleForm } from '../algebra/rule-form.js';
import { compareRules } from '../catalogue/compare.js';
import type { CheckedRule } from '../language/checked.js';
import { printLine } from '../language/print.js';
import { type GivenRule, ruleGiven } from './given-rule.js';
import { judgedNow, type Verdict } from './verdict.js';

export interface EqualityOptions {
  /** Whether learning rates may differ: all changes of one rule the same multiple of the other's. Default: false. */
  readonly upToRate?: boolean;
  /**
   * The difference there should be: the first rule less the second, as `engrammar compare` prints it,
   * `dw: - 0.001 * w`. White space does not count. Default: none.
   */
  readonly upTo?: string;
}

/** Whether two rules do the same with the values of their parameters, whatever names are in them. */
export function equalRule(
  received: unknown,
  other: GivenRule,
  options: EqualityOptions = {},
): Verdict {
  return judgedNow(() => {
    const [a, b] = [ruleGiven(received), ruleGiven(other)];
    const found = compareRules(a, b);
    const { upTo = '', upToRate = false } = options;
    const sameRate = upToRate || found.scale === 1;
    const pass = sameRate && spaceless(found.difference) === spaceless(upTo);
    const [mine, theirs] = [a.rule.name, b.rule.name];
    const but = upTo === '' ? '' : ` but for ${upTo}`;
    const rate = `${Number(found.scale.toPrecision(6))}`;
    const lines = pass
      ? [`${mine} and ${theirs} do the same${but}:`, '', canonicalLines(a)]
      : [
          `${mine} is not ${theirs}${but}`,
          '',
          ...(found.scale === 1 ? [] : [`${mine} learns ${rate} times as fast as ${theirs}`]),
          ...(found.difference === ''
            ? []
            : [
                `${mine} less ${found.scale === 1 ? '' : `${rate} × `}${theirs}:`,
                indented(found.difference),
              ]),
          '',
          `${mine}:`,
          canonicalLines(a),
          `${theirs}:`,
          canonicalLines(b),
        ];
    return { pass, message: lines.join('\n') };
  });
}

/** What a rule does in normal form, factored for people: equal rules have equal texts, up to names. */
function canonicalLines(checked: CheckedRule): string {
  const { name, targets } = checked.rule;
  const head = { name, targets, parameters: checked.scope.parameters };
  return indented(canonicalRule(ruleForm(checked), head).lines.map(printLine).join('\n'));
}

const indented = (text: string): string => text.replace(/^/gm, '  ');

const spaceless = (text: string): string => text.replace(/\s+/g, '');
