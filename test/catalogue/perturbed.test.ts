import { describe, expect, it } from 'vitest';
import { binary } from '../../src/algebra/build-expression.js';
import { unwrap } from '../../src/base/result.js';
import { compareRules, nearestRules } from '../../src/catalogue/compare.js';
import { knownRules } from '../../src/catalogue/known.js';
import type { Rule, RuleLine } from '../../src/language/ast.js';
import { checkRule } from '../../src/language/check/rule.js';
import type { CheckedRule } from '../../src/language/checked.js';
import { parse } from '../../src/language/parse.js';
import { printItem, printLine } from '../../src/language/print.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';

const catalogue = knownRules();

/** Terms that may be added to any change, and some for rules that read what is in them. */
const TERMS = [
  '0.0123 * w^2',
  '-0.0123 * w',
  '0.0123',
  '0.0123 * pre.size * w',
  '-0.0123 * w^3 * max(w, 0.5)',
  '0.0123 * post * w^2',
  '-0.0123 * pre * post^2',
  '0.0123 * reward * w',
  '-0.0123 * sum_pre(w^2)',
];

/** A rule of which one change has one more term. */
interface Perturbed {
  readonly rule: CheckedRule;
  /** The rule with the added term alone, and the memory of the rule. */
  readonly added: CheckedRule;
}

/** Adds a term to one of the changes of a rule; null where that does not check. */
function perturbed({ rule }: CheckedRule, at: number, term: string): Perturbed | null {
  const own = rule.lines[at];
  if (own?.kind !== 'change') return null;
  const perTime = own.form === 'dw/dt' ? ' / 1 s' : '';
  const [line] = ruleOf(`rule extra { dw = ${term}${perTime} }`).lines;
  if (line?.kind !== 'change') return null;
  const longer = { ...own, value: binary('+', own.value, line.value) };
  const whole = checkedAgain({ ...rule, lines: rule.lines.with(at, longer) });
  const alone = [...withoutChanges(rule), { ...own, value: line.value }];
  const added = checkedAgain({ ...rule, lines: alone });
  return whole && added ? { rule: whole, added } : null;
}

const withoutChanges = ({ lines }: Rule): RuleLine[] =>
  lines.filter(({ kind }) => !['change', 'bound', 'keeping sign', 'transmit'].includes(kind));

function ruleOf(text: string): Rule {
  return unwrap(parse({ name: 'perturbed', text }))[0] as Rule;
}

function checkedAgain(rule: Rule): CheckedRule | null {
  const text = printItem(rule);
  const checked = checkRule(ruleOf(text), { name: 'perturbed', text }, wholeVocabulary);
  return checked.ok ? checked.value : null;
}

/** The difference as `compare` prints it, as a rule with the memory of another. */
function readAsRule(difference: string, { rule }: CheckedRule): CheckedRule | null {
  const changes = difference
    .split('\n')
    .map((line) => line.replace(/: ([+-]) (?=[^:]*$)/, ' = $1 ').replace('= + ', '= '));
  const lines = [...withoutChanges(rule).map(printLine), ...changes];
  return checkedAgain(ruleOf(`rule difference { ${lines.join('\n')} }`));
}

/** Where another rule comes first: the term makes it one. */
const OTHERS: Readonly<Record<string, string>> = {
  'feedback_alignment + -0.0123 * w': 'kolen_pollack, with another rate of decay',
  'direct_feedback_alignment + -0.0123 * w': 'kolen_pollack, with another rate of decay',
  'pseudo_gradient + -0.0123 * w': 'kolen_pollack, with another rate of decay',
  'hebb + -0.0123 * w': 'hebb_decay, with another rate of decay',
};

/** Rules that the catalogue has under two names; what differs is where they are used. */
const TWINS: Readonly<Record<string, string>> = { direct_feedback_alignment: 'feedback_alignment' };

describe('a known rule with one term more', () => {
  const changed = catalogue.flatMap((known) =>
    known.rule.lines.flatMap((line, at) =>
      line.kind === 'change' && line.form !== 'set'
        ? TERMS.flatMap((term) => ({ known, term, made: perturbed(known, at, term) }))
        : [],
    ),
  );

  it('is nearest to the rule, and differs by that term', () => {
    const wrong: string[] = [];
    for (const { known, term, made } of changed) {
      const { name } = known.rule;
      if (!made) {
        wrong.push(`${name} + ${term} does not check`);
        continue;
      }
      const [found] = nearestRules(made.rule, catalogue, 1);
      const { name: nearest, scale, difference } = found!;
      const text = `${name} + ${term}`;
      if (OTHERS[text]) {
        if (!OTHERS[text].startsWith(`${nearest},`)) wrong.push(`${text}: ${nearest}`);
        continue;
      }
      const read = readAsRule(difference, made.rule);
      const isTerm = read !== null && compareRules(read, made.added).equal;
      if (nearest !== (TWINS[name] ?? name) || scale !== 1 || !isTerm) {
        wrong.push(`${text}: ${nearest} × ${scale}, ${difference}`);
      }
    }
    console.log(`${changed.length} perturbations of ${catalogue.length} known rules`);
    expect(wrong).toEqual([]);
    expect(changed.length).toBeGreaterThan(500);
  });
});
