import { describe, expect, test } from 'vitest';
import { equal } from '../../src/algebra/equal.js';
import { normalForm } from '../../src/algebra/normal-form.js';
import { unwrap } from '../../src/base/result.js';
import { ruleText } from '../../src/discover/rule-text.js';
import { checkRule } from '../../src/language/check/rule.js';
import { parse, parseExpression } from '../../src/language/parse.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';

const term = (id: string, text: string, value: string, spread?: string) => ({
  id,
  expression: unwrap(parseExpression({ name: id, text })),
  value,
  ...(spread !== undefined && { spread }),
});

describe('the text of a combination of terms', () => {
  test("the paper's rule prints as a person would write it", () => {
    const text = ruleText(
      { name: 'f_bio', about: 'found' },
      [
        term('F0', '-post.error * pre', '0.0136', '0.0004'),
        term('F2', '-post.error * pre.error', '-0.054', '0.003'),
        term('F9', 'post * (pre - sum_post(post * w))', '0.0077'),
      ],
      false,
    );
    expect(text).toMatchInlineSnapshot(`
      "rule f_bio {
        about "found"
        param F0 = 0.0136 ± 0.0004, F2 = -0.054 ± 0.003, F9 = 0.0077
        dw = -F0 * post.error * pre - F2 * post.error * pre.error + F9 * post * (pre - sum_post(post * w))
      }
      "
    `);
  });

  test('numbers, sums and quotients as terms', () => {
    const text = ruleText(
      { name: 'odd' },
      [term('a', '1', '2'), term('b', 'pre + post', '3'), term('c', '-(w / post)', '4')],
      true,
    );
    expect(text).toMatchInlineSnapshot(`
      "rule odd {
        param a = 2 fit, b = 3 fit, c = 4 fit
        dw = a + b * (pre + post) - c * w / post
      }
      "
    `);
  });

  test('no terms change nothing', () => {
    expect(ruleText({ name: 'none' }, [], false)).toContain('dw = 0');
  });

  test.each([
    ['-post.error * pre', '-w'],
    ['-(post - w) * pre', 'pre / -w'],
    ['post - pre', '-(-w)'],
    ['2 * post', '-1'],
    ['-post^2 * w', '-pre - w'],
  ])('%s and %s with coefficients mean the sum of the products', (first, second) => {
    const source = {
      name: 'rule',
      text: ruleText({ name: 'r' }, [term('a', first, '2'), term('b', second, '-3')], false),
    };
    const [item] = unwrap(parse(source));
    if (item?.kind !== 'rule') throw new Error('no rule');
    const { update, scope } = unwrap(checkRule(item, source, wholeVocabulary));
    const plain = `a * (${first}) + b * (${second})`;
    const expected = unwrap(parseExpression({ name: 'plain', text: plain }));
    expect(equal(normalForm(update, scope), normalForm(expected, scope))).toBe(true);
  });
});
