import { expect, it } from 'vitest';
import { equalRules } from '../../src/algebra/rule-equal.js';
import { ruleForm } from '../../src/algebra/rule-form.js';
import { unwrap } from '../../src/base/result.js';
import { knownRules } from '../../src/catalogue/known.js';
import { checkRule } from '../../src/language/check/rule.js';
import { printItem } from '../../src/language/print.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { ruleGiven } from '../../src/testing/given-rule.js';
import { mutationsOf } from '../../src/testing/mutations.js';

const mutations = (text: string): Record<string, string> => {
  const { rule } = ruleGiven(text);
  return Object.fromEntries(
    mutationsOf(rule).map(({ name, rule: changed }) => [
      name,
      printItem(changed)
        .replace(/^.*\{|\}$/gm, '')
        .replace(/\s+/g, ' ')
        .trim(),
    ]),
  );
};

it('changes one term at a time, or swaps both sides', () => {
  expect(mutations('dw = 0.1 * post * (pre - w)')).toEqual({
    '− `0.1 * post * (pre - w)`': 'dw = -0.1 * post * (pre - w)',
    '1.2 × `0.1 * post * (pre - w)`': 'dw = 1.2 * (0.1 * post * (pre - w))',
    '− `pre`': 'dw = 0.1 * post * (-pre - w)',
    '1.2 × `pre`': 'dw = 0.1 * post * (1.2 * pre - w)',
    '− `w`': 'dw = 0.1 * post * (pre - -w)',
    '1.2 × `w`': 'dw = 0.1 * post * (pre - 1.2 * w)',
    'pre ↔ post': 'dw = 0.1 * pre * (post - w)',
  });
});

it('changes memory, and swaps clauses, events and sums', () => {
  expect(
    mutations(`trace x = pre.spike over 20 ms since pre.spike
      on post.spike: dw = if sum_pre(w) > 1 then x else 0`),
  ).toMatchInlineSnapshot(`
    {
      "1.2 × \`pre.spike\` in x": "trace x = 1.2 * pre.spike over 20 ms since pre.spike on post.spike: dw = if sum_pre(w) > 1 then x else 0",
      "1.2 × \`x\`": "trace x = pre.spike over 20 ms since pre.spike on post.spike: dw = if sum_pre(w) > 1 then 1.2 * x else 0",
      "pre ↔ post": "trace x = post.spike over 20 ms since post.spike on pre.spike: dw = if sum_post(w) > 1 then x else 0",
      "− \`pre.spike\` in x": "trace x = -pre.spike over 20 ms since pre.spike on post.spike: dw = if sum_pre(w) > 1 then x else 0",
      "− \`x\`": "trace x = pre.spike over 20 ms since pre.spike on post.spike: dw = if sum_pre(w) > 1 then -x else 0",
    }
  `);
});

it('gives every change a name of its own', () => {
  for (const { rule } of knownRules()) {
    const names = mutationsOf(rule).map(({ name }) => name);
    expect(new Set(names).size, rule.name).toBe(names.length);
  }
});

it('makes other rules, but for what is symmetric', () => {
  const same: string[] = [];
  for (const { rule, source, scope } of knownRules()) {
    for (const mutation of mutationsOf(rule)) {
      const changed = checkRule(mutation.rule, source, scope.table);
      if (!changed.ok) continue;
      const original = unwrap(checkRule(rule, source, wholeVocabulary));
      if (equalRules(ruleForm(original), ruleForm(changed.value))) {
        same.push(`${rule.name}: ${mutation.name}`);
      }
    }
  }
  expect(same).toMatchInlineSnapshot(`
    [
      "contrastive: pre ↔ post",
      "contrastive_nudged: pre ↔ post",
      "boltzmann: pre ↔ post",
      "error_hebb: pre ↔ post",
      "hebb: pre ↔ post",
      "anti_hebb: pre ↔ post",
      "hebb_decay: pre ↔ post",
      "covariance: pre ↔ post",
      "weight_perturbation: pre ↔ post",
      "eligibility_reward: pre ↔ post",
    ]
  `);
});
