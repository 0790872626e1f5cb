import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalExpression, canonicalText } from '../../src/algebra/canonical.js';
import { machineForm } from '../../src/algebra/machine-form.js';
import { normalForm } from '../../src/algebra/normal-form.js';
import { unwrap } from '../../src/base/result.js';
import type { Expression } from '../../src/language/ast.js';
import { checkExpression } from '../../src/language/check.js';
import { parseExpression } from '../../src/language/parse.js';
import { printExpression } from '../../src/language/print.js';
import { SCOPE } from '../support/algebra-scope.js';
import { type Comparison, compareBounded } from '../support/bounded.js';
import { evaluateExpression, randomNetwork, synapses } from '../support/network.js';
import { evaluateMachineForm } from '../support/polynomial-values.js';
import { expressions } from '../support/rules.js';

const read = (text: string): Expression => unwrap(parseExpression({ name: 'test', text }));
const form = (text: string) => normalForm(read(text), SCOPE);

const RULES = 5000;

describe(`on ${RULES} generated rules`, () => {
  const rules = fc.sample(expressions(SCOPE), { numRuns: RULES, seed: 1 });

  it('canonical text parses, is in order, has the same normal form, and is stable', () => {
    const broken: string[] = [];
    for (const rule of rules) {
      const own = normalForm(rule, SCOPE);
      const text = canonicalText(own);
      const again = read(text);
      const back = normalForm(again, SCOPE);
      const inOrder = checkExpression(rule, SCOPE).ok && checkExpression(again, SCOPE).ok;
      if (back.key === own.key && canonicalText(back) === text && inOrder) continue;
      broken.push(`${printExpression(rule)}\n  → ${text}`);
    }
    expect(broken).toEqual([]);
  });

  it('values of canonical text and machine form are those of the rule', () => {
    const counts: Record<Comparison, number> = { same: 0, different: 0, unclear: 0 };
    const wrong: string[] = [];
    for (const [index, rule] of rules.entries()) {
      const network = randomNetwork(SCOPE, index, 2 + (index % 2), 3);
      const own = normalForm(rule, SCOPE);
      const wanted = evaluateExpression(rule, network);
      const canonical = evaluateExpression(canonicalExpression(own), network);
      const machine = machineForm(own);
      const outcomes = synapses(network).flatMap(([i, j], at) => [
        compareBounded(wanted[at]!, canonical[at]!),
        compareBounded(wanted[at]!, evaluateMachineForm(machine, network, i, j)),
      ]);
      for (const outcome of outcomes) counts[outcome] += 1;
      if (outcomes.includes('different')) wrong.push(printExpression(rule));
    }
    console.log(`values on ${RULES} rules: ${JSON.stringify(counts)}`);
    expect(wrong).toEqual([]);
    expect(counts.unclear).toBeLessThan(0.2 * (counts.same + counts.unclear));
  });
});

describe('canonical text', () => {
  it.each([
    ['post * pre - post^2 * w', 'post * (pre - post * w)'],
    ['eta * post * (pre - sum_post(w * post))', 'eta * post * (pre - sum_post(post * w))'],
    [
      'post * pre - theta * pre - post * mean_pre(pre) + theta * mean_pre(pre)',
      '(post - theta) * (pre - mean_pre(pre))',
    ],
    ['pre * post^2 * eta - eta * theta * post * pre', 'eta * post * pre * (post - theta)'],
    ['eta * w * pre * (1 - post)', 'eta * pre * w * (1 - post)'],
    ['-post.error * pre * eta - lambda * w', '-(lambda * w + eta * post.error * pre)'],
    ['-w * 0.01 - pre * 0.01', '-0.01 * (pre + w)'],
    [
      'theta * post * pre - eta * w - theta * post^2 * w',
      'theta * post * (pre - post * w) - eta * w',
    ],
    ['post^3 / (1 + post)', 'post^3 / (1 + post)'],
    ['post / (post + w)', 'post / (post + w)'],
    ['(post / (1 + post) + w) / (1 + pre)', '(w + post / (1 + post)) / (1 + pre)'],
    ['1 / (1 - w)', '1 / (1 - w)'],
    ['pre / 3', 'pre / 3'],
    ['1e-5 * w / 0.001', '0.01 * w'],
    ['(1 + w)^3 * (1 - post)', '(1 - post) * (1 + w)^3'],
    ['1 - w * w', '1 - w^2'],
    ['w * w * (1.5 - w) - 0.5 * w', 'w * (1 - w) * (w - 0.5)'],
    ['-(post - pre)^2', '-(post - pre)^2'],
    ['w - w', '0'],
    ['20 ms * 3 per mV', '60 ms per mV'],
    ['post@previous * pre', 'post@previous * pre'],
    ['max_all(w * pre / w)', 'max_all(1 * (pre + 0 * w))'],
  ])('of %s is %s', (text, wanted) => {
    expect(canonicalText(form(text))).toBe(wanted);
    expect(form(wanted).key).toBe(form(text).key);
  });

  it('of a sum too long for one tree still reads', () => {
    const terms = Array.from({ length: 900 }, (_, k) => `w^${k + 2}`);
    const own = form(`1 + ${terms.join(' + ')}`);
    expect(form(canonicalText(own)).key).toBe(own.key);
  });
});
