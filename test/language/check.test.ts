import { describe, expect, test } from 'vitest';
import { sameNameTwice } from '../../src/base/diagnostics/language.js';
import { PLAIN, TIME, VOLTAGE } from '../../src/base/dimension.js';
import { unwrap } from '../../src/base/result.js';
import type { Rule, Space } from '../../src/language/ast.js';
import {
  checkExpression,
  checkItemNames,
  checkRule,
  checkSpace,
  inferExpression,
} from '../../src/language/check.js';
import { parseExpression } from '../../src/language/parse.js';
import { printExpression } from '../../src/language/print.js';
import type { Grade } from '../../src/language/signals.js';
import { tableOffering, wholeVocabulary } from '../../src/language/vocabulary.js';
import { parsed } from './helpers.js';

const ruleOf = (text: string, table = wholeVocabulary) =>
  unwrap(checkRule(parsed(text)[0] as Rule, { name: 'text', text }, table));
const spaceOf = (text: string) =>
  unwrap(checkSpace(parsed(text)[0] as Space, { name: 'text', text }, wholeVocabulary));
const scope = { table: wholeVocabulary, parameters: new Map(), memories: new Map() };
const inferred = (text: string) =>
  inferExpression(unwrap(parseExpression({ name: 'text', text })), scope);

describe('extents', () => {
  test.each([
    ['1', 'global'],
    ['reward * dt', 'global'],
    ['pre + reward', 'pre'],
    ['post^2', 'post'],
    ['pre * post', 'synapse'],
    ['w', 'synapse'],
    ['sum_pre(w * pre)', 'post'],
    ['sum_post(w * post)', 'pre'],
    ['sum_pre(1)', 'post'],
    ['mean_all(post)', 'global'],
    ['max_all(w)', 'global'],
    ['sum_all(post - 1)', 'global'],
    ['sum_all(post - mean_all(post))', 'global'],
    ['sum_upto_post(post * w)', 'synapse'],
    ['clip(pre, 0, post)', 'synapse'],
    ['if pre > 0 then post else 0', 'synapse'],
  ])('%s is %s', (text, extent) => {
    expect(inferred(text).extent).toBe(extent);
  });
});

describe('dimensions', () => {
  test.each([
    ['20 ms', TIME],
    ['dt / 20 ms', PLAIN],
    ['post.voltage', VOLTAGE],
    ['relu(post.voltage - 5 mV)', VOLTAGE],
    ['max(0, post.voltage)', VOLTAGE],
    ['step(post.voltage - 5 mV)', PLAIN],
    ['sqrt(post.voltage^2)', VOLTAGE],
    ['post.voltage^(1/2)', { time: 0, voltage: 0.5 }],
    ['0 - post.voltage', VOLTAGE],
    ['8e-5 per mV per mV * post.voltage^2', PLAIN],
    ['5 Hz', { time: -1, voltage: 0 }],
    ['sum_all(post.voltage)', VOLTAGE],
  ])('%s', (text, dimension) => {
    expect(inferred(text).dimension).toEqual(dimension);
  });
});

describe('locality', () => {
  const grades: [string, Grade, string | null][] = [
    ['w * pre * post', 'synapse', null],
    ['post.spike * pre', 'synapse', null],
    ['sum_pre(w * pre)', 'neuron', 'sum_pre(w * pre)'],
    ['sum_post(w)', 'neuron', 'sum_post(w)'],
    ['sum_post(w * pre)', 'neuron', 'sum_post(w * pre)'],
    ['reward * sum_pre(w)', 'modulated', 'reward'],
    ['post.error * reward', 'feedback', 'post.error'],
    ['post.target - post', 'feedback', 'post.target'],
    ['pre - sum_post(post * w)', 'transport', 'sum_post(post * w)'],
    ['mean_post(sum_pre(w))', 'transport', 'mean_post(sum_pre(w))'],
    ['sum_upto_post(w)', 'transport', 'sum_upto_post(w)'],
    ['post.error * mean_all(w)', 'global', 'mean_all(w)'],
    ['sum_all(post) * sum_all(pre)', 'global', 'sum_all(post)'],
    ['sum_all(post.error)', 'global', 'sum_all(post.error)'],
  ];
  test.each(grades)('%s is %s because of %s', (text, grade, because) => {
    const facts = inferred(text);
    expect(facts.grade).toBe(grade);
    expect(facts.because?.text ?? null).toBe(because);
    if (facts.because) {
      expect(text.slice(facts.because.span.start, facts.because.span.end)).toBe(because);
    }
  });

  test('symmetric feedback raises errors to transport, in the table alone', () => {
    const table = tableOffering('symmetric', ['w', 'pre', 'post.error'], [], {
      overrides: { 'post.error': { grade: 'transport' } },
    });
    const text = 'rule a { dw = -post.error * pre }';
    expect(ruleOf(text, table).locality.grade).toBe('transport');
    expect(ruleOf(text).locality.grade).toBe('feedback');
  });

  test('points into the let that makes it so', () => {
    const text = 'rule a { let back = sum_post(post * w) dw = post * (pre - back) }';
    const { because } = ruleOf(text).locality;
    expect(text.slice(because?.span.start, because?.span.end)).toBe('sum_post(post * w)');
  });
});

describe('rules', () => {
  test('parameters are in base units, lets are written out, reads come in the order of the table', () => {
    const checked = ruleOf(`rule a {
      dw = scale * post * pre
      let scale = eta * fade
      let fade = exp(-dt / tau)
      param eta = -0.5 in [-1, inf] fit, tau = 2 s
    }`);
    expect(printExpression(checked.update)).toBe('eta * exp(-dt / tau) * post * pre');
    expect(checked.reads).toEqual(['pre', 'post', 'dt']);
    const parameters = [...checked.scope.parameters.values()];
    expect(parameters.map(({ name, value, fit }) => [name, value, fit])).toEqual([
      ['eta', -0.5, true],
      ['tau', 2000, false],
    ]);
    expect(parameters.map(({ dimension }) => dimension)).toEqual([PLAIN, TIME]);
  });

  test('a let keeps its brackets when written out', () => {
    const checked = ruleOf('rule a { let b = w + pre dw = 2 * b - b^2 }');
    expect(printExpression(checked.update)).toBe('2 * (w + pre) - (w + pre)^2');
  });

  test('long chains of lets are refused, not followed until the stack ends', () => {
    const lets = Array.from({ length: 1400 }, (_, i) => `let b${i + 1} = b${i} + 1`);
    const text = `rule a { let b0 = w ${lets.join(' ')} dw = b1400 }`;
    const result = checkRule(parsed(text)[0] as Rule, { name: 'text', text }, wholeVocabulary);
    expect(result.ok ? [] : result.diagnostics.length).toBe(1);
  });

  test('deeply nested sums are checked in time that grows with their length', () => {
    const text = `rule a { dw = ${'sum_all(w * '.repeat(150)}w${')'.repeat(150)} }`;
    const started = performance.now();
    expect(ruleOf(text).locality.grade).toBe('global');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('two items of one name', () => {
    const text = 'rule a { dw = w }\nrule b { dw = w }\nspace a { term = w }';
    const found = checkItemNames(parsed(text), { name: 'text', text });
    expect(found.map((d) => d.code)).toEqual([sameNameTwice.code]);
    expect(found[0]?.message).toContain('line 1');
  });
});

describe('spaces', () => {
  test('terms keep their choices and lose their lets', () => {
    const checked = spaceOf(`space a {
      param eta = 2
      let gated = eta * weight
      choice side(s) = 1 | s | s.error
      choice weight = 1 | w * eta
      term = side(pre) * gated | post
      term F9 = post
      keep degree <= 4, locality <= transport
      keep complexity <= 9
      drop 1, eta * post
    }`);
    expect(
      checked.terms.map(({ name, alternatives }) => [name, ...alternatives.map(printExpression)]),
    ).toEqual([
      [null, 'side(pre) * (eta * weight)', 'post'],
      ['F9', 'post'],
    ]);
    expect(checked.limits).toEqual({ degree: 4, locality: 'transport', complexity: 9 });
    expect([...checked.choices.keys()]).toEqual(['side', 'weight']);
    expect(checked.drops.map(printExpression)).toEqual(['1', 'eta * post']);
    expect(checked.keepLines.length).toBe(2);
  });

  test('a derived term is checked by itself', () => {
    const expression = unwrap(parseExpression({ name: 'text', text: 'post.voltage * pre' }));
    expect(checkExpression(expression, scope).ok).toBe(false);
    const plain = unwrap(parseExpression({ name: 'text', text: 'post * pre' }));
    const facts = unwrap(checkExpression(plain, scope));
    expect([...facts.reads].sort()).toEqual(['post', 'pre']);
  });
});
