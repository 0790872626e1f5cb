import { describe, expect, it } from 'vitest';
import { binary, named } from '../../src/algebra/build-expression.js';
import { canonicalRule } from '../../src/algebra/canonical-rule.js';
import { equalRules, numericForm } from '../../src/algebra/rule-equal.js';
import { ruleForm } from '../../src/algebra/rule-form.js';
import type { RuleForm } from '../../src/algebra/types.js';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import type { ChangeLine, Rule } from '../../src/language/ast.js';
import { checkRule } from '../../src/language/check.js';
import type { CheckedRule } from '../../src/language/checked.js';
import { parse } from '../../src/language/parse.js';
import { printItem } from '../../src/language/print.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { wholeRule } from '../support/whole-rules.js';

const RULES = 2000;
const made = Array.from({ length: RULES }, (_, seed) =>
  wholeRule(wholeVocabulary, seed, {
    depth: seed % 4 === 0 ? 3 : 1,
    memories: seed % 4 === 0 ? 3 : 2,
    kinds: ['draw', 'whiten'],
  }),
);

function parsed(text: string): Rule {
  const [item] = unwrap(parse({ name: 'made.rule', text }));
  if (item?.kind !== 'rule') throw new Error('not a rule');
  return item;
}

const checked = (rule: Rule): CheckedRule =>
  unwrap(checkRule(rule, { name: 'made.rule', text: '' }, wholeVocabulary));

const rules = made.map(parsed);
const forms = rules.map((rule) => ruleForm(checked(rule)));

/** Everything in a form; sums by their keys. */
const keyOf = (form: RuleForm): string =>
  JSON.stringify(form, (_, value) => (value?.monomials ? value.key : value));

function canonicalText(rule: Rule, form: RuleForm): string {
  const { name, targets } = rule;
  const { parameters } = checked(rule).scope;
  return printItem(canonicalRule(form, { name, targets, parameters }));
}

/** Rules that break a law, as text; the law says which it is about (null: it is not). */
function breaking(law: (rule: Rule, form: RuleForm, index: number) => boolean | null): {
  broken: string[];
  held: number;
} {
  const broken: string[] = [];
  let held = 0;
  for (const [index, rule] of rules.entries()) {
    const holds = law(rule, forms[index]!, index);
    if (holds === false) broken.push(printItem(rule));
    if (holds === true) held += 1;
  }
  return { broken, held };
}

/** The rule with one change only. */
function withOnly(rule: Rule, change: ChangeLine): Rule {
  const others = rule.lines.filter(({ kind }) => kind !== 'change' && kind !== 'transmit');
  return { ...rule, lines: [...others, change] };
}

const changesOf = (rule: Rule): ChangeLine[] => rule.lines.filter((line) => line.kind === 'change');

describe(`on ${RULES} whole rules`, () => {
  it('canonical text is in order, has the same normal form, and is stable', () => {
    const { broken, held } = breaking((rule, form) => {
      const text = canonicalText(rule, form);
      const again = parsed(text);
      const back = ruleForm(checked(again));
      return keyOf(back) === keyOf(form) && canonicalText(again, back) === text;
    });
    expect(broken).toEqual([]);
    expect(held).toBe(RULES);
  }, 120_000);

  it('the order of lines does not matter', () => {
    const { broken } = breaking((rule, form, index) => {
      if (index % 4 !== 0) return null;
      const lines = new Stream(index, 'lines').choose(rule.lines);
      return keyOf(ruleForm(checked({ ...rule, lines }))) === keyOf(form);
    });
    expect(broken).toEqual([]);
  }, 60_000);

  it('`on S: dw = E` is `dw = S * E`', () => {
    const { broken, held } = breaking((rule) => {
      const line = changesOf(rule).find(
        ({ form, clauses }) => form === 'dw' && clauses.some(({ kind }) => kind === 'on'),
      );
      const spike = line?.clauses.find((clause) => clause.kind === 'on');
      if (!line || spike?.kind !== 'on') return null;
      const product: ChangeLine = {
        ...line,
        clauses: line.clauses.filter((clause) => clause !== spike),
        value: binary('*', spike.event, line.value),
      };
      const [on, times] = [line, product].map((each) => ruleForm(checked(withOnly(rule, each))));
      return keyOf(on!) === keyOf(times!);
    });
    expect(broken).toEqual([]);
    expect(held).toBeGreaterThan(RULES / 10);
  }, 60_000);

  it('`dw/dt = E` is `dw = dt * E`', () => {
    const { broken, held } = breaking((rule) => {
      const line = changesOf(rule).find(({ form }) => form === 'dw/dt');
      if (!line) return null;
      const product: ChangeLine = {
        ...line,
        form: 'dw',
        value: binary('*', named('dt'), line.value),
      };
      const [per, times] = [line, product].map((each) => ruleForm(checked(withOnly(rule, each))));
      return keyOf(per!) === keyOf(times!);
    });
    expect(broken).toEqual([]);
    expect(held).toBeGreaterThan(RULES / 10);
  }, 60_000);

  it('names of memory do not matter, and names of parameters not to their values', () => {
    const { broken, held } = breaking((rule, form, index) => {
      if (form.memory.length === 0 || index % 4 !== 0) return null;
      const text = made[index]!.replace(/\b[xyzuv]\b/g, (name) => OTHER_NAMES[name]!);
      const other = ruleForm(checked(parsed(text)));
      const valued = checked(parsed(text.replace(/\b[abc]\b/g, (name) => `parameter_${name}`)));
      const own = numericForm(form, checked(rule).scope.parameters);
      const theirs = numericForm(ruleForm(valued), valued.scope.parameters);
      return equalRules(form, other) && equalRules(own, theirs);
    });
    expect(broken).toEqual([]);
    expect(held).toBeGreaterThan(RULES / 20);
  }, 60_000);

  it('what is changed is not equal', () => {
    const { broken, held } = breaking((rule, form, index) => {
      const at = rule.lines.findIndex((line) => line.kind === 'change' && line.form === 'dw');
      const line = rule.lines[at];
      if (index % 4 !== 0 || line?.kind !== 'change') return null;
      const value = binary('+', line.value, named(index % 8 === 0 ? 'w' : 'post.size'));
      const other = checked({ ...rule, lines: rule.lines.with(at, { ...line, value }) });
      return !equalRules(form, ruleForm(other));
    });
    expect(broken).toEqual([]);
    expect(held).toBeGreaterThan(RULES / 8);
  }, 60_000);
});

/** In the other order of the alphabet. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  x: 'm_9',
  y: 'm_8',
  z: 'm_7',
  u: 'm_6',
  v: 'm_5',
};
