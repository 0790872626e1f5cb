import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/algebra/canonical.js';
import { equal } from '../../src/algebra/equal.js';
import { readMathjs } from '../../src/algebra/mathjs-read.js';
import { writeMathjs } from '../../src/algebra/mathjs-write.js';
import { normalForm } from '../../src/algebra/normal-form.js';
import { shortest } from '../../src/algebra/shortest.js';
import {
  mathjsCannotSay,
  mathjsNotARule,
  mathjsUnknownName,
  mathjsUnreadable,
  mathjsWrongArguments,
} from '../../src/base/diagnostics/mathjs.js';
import { unwrap } from '../../src/base/result.js';
import type { Expression } from '../../src/language/ast.js';
import type { Scope } from '../../src/language/checked.js';
import { parseExpression } from '../../src/language/parse.js';
import { printExpression } from '../../src/language/print.js';
import { SCOPE } from '../support/algebra-scope.js';
import { compareBounded, number } from '../support/bounded.js';
import { evaluateAt, randomNetwork } from '../support/network.js';
import { evaluatePolynomial } from '../support/polynomial-values.js';
import { EVERYTHING, expressions } from '../support/rules.js';

const mathjs = createRequire(import.meta.url)('mathjs') as typeof import('mathjs');

const expression = (text: string): Expression => unwrap(parseExpression({ name: 'test', text }));

const write = (text: string): string => unwrap(writeMathjs(expression(text), SCOPE));

const read = (text: string): string =>
  printExpression(unwrap(readMathjs({ name: 'mathjs', text }, SCOPE)));

/** What the functions of the language are to mathjs. */
const FUNCTIONS = {
  relu: (x: number) => Math.max(0, x),
  step: (x: number) => (x > 0 ? 1 : 0),
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  softplus: (x: number) => Math.log1p(Math.exp(x)),
  clip: (x: number, low: number, high: number) => Math.max(low, Math.min(high, x)),
};

describe('writing and reading', () => {
  it('names have no dots there', () => {
    expect(write('-eta * post.error * (pre - sum_post(post * w))')).toBe(
      '-eta * post_error * (pre - sum_post(post * w))',
    );
    expect(read('-eta * post_error * (pre - sum_post(post * w))')).toBe(
      '-eta * post.error * (pre - sum_post(post * w))',
    );
  });

  it('names that mathjs would misread get an underscore', () => {
    const own = (name: string) => ({ ...SCOPE.parameters.get('eta')!, name });
    const names = ['mod', 'end', 'post_error', 'e', 'i', 'pi'];
    const scope: Scope = { ...SCOPE, parameters: new Map(names.map((name) => [name, own(name)])) };
    const text = 'mod * end * post_error * post.error * e * i * pi';
    const written = unwrap(writeMathjs(expression(text), scope));
    expect(written).toBe('mod_ * end_ * post_error_ * post_error * e * i * pi');
    const back = unwrap(readMathjs({ name: 'mathjs', text: written }, scope));
    expect(printExpression(back)).toBe(text);
  });

  it('gives the same expression back, for 600 generated ones with sums', () => {
    fc.assert(
      fc.property(expressions(SCOPE, { ...EVERYTHING, depth: 3 }), (rule) => {
        const written = unwrap(writeMathjs(rule, SCOPE));
        const back = unwrap(readMathjs({ name: 'mathjs', text: written }, SCOPE));
        expect(printExpression(back)).toBe(printExpression(rule));
      }),
      { numRuns: 600, seed: 21 },
    );
  });

  it('reads what people write in mathjs', () => {
    expect(read('2 pre post')).toBe('2 * pre * post');
    expect(read('-2^2 + +pre')).toBe('-2^2 + pre');
    expect(read('1e-3 pre / (2)')).toBe('0.001 * pre / 2');
    expect(read('2^-3^2 * 1e30')).toBe('2^-3^2 * 1e30');
  });
});

describe('what is refused', () => {
  const refused = (text: string) => {
    const result = readMathjs({ name: 'mathjs', text }, SCOPE);
    if (result.ok) throw new Error(`${text} was read`);
    return result.diagnostics[0]!;
  };

  it.each([
    ['x = pre', '='],
    ['f(x) = x', '='],
    ['pre; post', ';'],
    ['[pre, post]', '['],
    ['pre[1]', '['],
    ['pre > 2', '>'],
    ['pre ? post : w', '?'],
    ['1:3', ':'],
    ['pre!', '!'],
    ['"pre"', '"'],
    ['pre.error', '.'],
    ['pre .* post', '.*'],
    ['not pre', 'not'],
    ['{a: 1}', '{'],
    ['true', 'true'],
  ])('%s', (text, mark) => {
    const { code, span } = refused(text);
    expect(code).toBe(mathjsNotARule.code);
    expect(text.slice(span!.start, span!.end)).toBe(mark);
  });

  it('unknown names and functions, with the nearest', () => {
    const { code, hint, span } = refused('pre * psot');
    expect([code, span, hint]).toEqual([
      mathjsUnknownName.code,
      { start: 6, end: 10 },
      'did you mean `post`?',
    ]);
    expect(refused('pre * import(post)').code).toBe(mathjsUnknownName.code);
    expect(refused('eval(pre)').code).toBe(mathjsUnknownName.code);
    expect(refused('max(pre, post, w)').code).toBe(mathjsWrongArguments.code);
  });

  it('what mathjs cannot read, however it is broken', () => {
    expect(refused('pre * (post').code).toBe(mathjsUnreadable.code);
    expect(refused('pre * * post').span).toEqual({ start: 6, end: 7 });
    expect(refused('').code).toBe(mathjsUnreadable.code);
    expect(refused('('.repeat(19_000)).code).toBe(mathjsUnreadable.code);
    expect(refused(`${'-'.repeat(19_000)}1`).code).toBe(mathjsUnreadable.code);
    expect(refused('1 + '.repeat(10_000)).code).toBe(mathjsUnreadable.code);
  });

  it('quantities, moments and if, on the way there', () => {
    for (const text of ['20 ms', 'post@previous', 'if pre > 1 then 1 else 0']) {
      const result = writeMathjs(expression(text), SCOPE);
      expect(result.ok ? [] : result.diagnostics.map((d) => d.code), text).toEqual([
        mathjsCannotSay.code,
      ]);
    }
  });
});

describe('mathjs as an oracle', () => {
  it('has the same values as the normal form, for 600 generated expressions', () => {
    const rules = fc.sample(expressions(SCOPE, { ...EVERYTHING, sums: false, depth: 4 }), {
      numRuns: 600,
      seed: 31,
    });
    const counts = { same: 0, unclear: 0, different: 0 };
    for (const [index, rule] of rules.entries()) {
      const network = randomNetwork(SCOPE, index);
      const text = unwrap(writeMathjs(rule, SCOPE));
      const values = Object.fromEntries(
        [...network.values].map(([name, table]) => [name.replace('.', '_'), table[1]![2]!]),
      );
      const found: unknown = mathjs.evaluate(text, { ...FUNCTIONS, ...values });
      const own = evaluatePolynomial(normalForm(rule, SCOPE), network, 1, 2);
      // The bound on the rounding error of the expression as written is that of mathjs, too.
      const bound = evaluateAt(rule, network, 1, 2).error;
      const value = typeof found === 'number' ? found : Number.NaN;
      const verdict = compareBounded({ ...number(value), error: bound }, own);
      expect(verdict, `${index}: ${text}`).not.toBe('different');
      counts[verdict] += 1;
    }
    expect(counts.same).toBeGreaterThan(500);
  });
});

describe('the shortest text', () => {
  const short = (text: string): string => printExpression(shortest(expression(text), SCOPE));

  it('is never longer than the canonical one and always equal', () => {
    const rules = fc.sample(expressions(SCOPE, { ...EVERYTHING, depth: 2 }), {
      numRuns: 60,
      seed: 41,
    });
    for (const rule of rules) {
      const result = shortest(rule, SCOPE);
      expect(equal(normalForm(result, SCOPE), normalForm(rule, SCOPE))).toBe(true);
    }
  });

  it('factors what the canonical form leaves apart', () => {
    const text =
      'beta * theta * sum_upto_post(1) + 10 * theta * sum_upto_post(1) - sum_all(post.error * w)';
    expect(canonicalText(normalForm(expression(text), SCOPE))).toBe(text);
    expect(short(text)).toBe('theta * sum_upto_post(1) * (beta + 10) - sum_all(post.error * w)');
  });

  it('keeps what is short already', () => {
    expect(short('0.01 * post * pre - 0.01 * post^2 * w')).toBe('0.01 * post * (pre - post * w)');
    expect(short('tanh(pre) * 2 + 2 * tanh(pre)')).toBe('4 * tanh(pre)');
  });
});
