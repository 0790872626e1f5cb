import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/algebra/canonical.js';
import { complexity, degree, power } from '../../src/algebra/measures.js';
import { normalForm } from '../../src/algebra/normal-form.js';
import * as Q from '../../src/algebra/rational.js';
import {
  algebraDiagnostics,
  divisionByZero,
  numberOutOfRange,
  sumRangeUnclear,
  unknownInAlgebra,
  zeroToPowerZero,
} from '../../src/base/diagnostics/algebra.js';
import { EngrammarError, unwrap } from '../../src/base/result.js';
import { parseExpression } from '../../src/language/parse.js';
import { SCOPE } from '../support/algebra-scope.js';

const form = (text: string) => normalForm(unwrap(parseExpression({ name: 'test', text })), SCOPE);
const same = (a: string, b: string): void => expect(form(a).key, `${a} and ${b}`).toBe(form(b).key);
const codeOf = (text: string): string => {
  try {
    return form(text).key;
  } catch (error) {
    if (error instanceof EngrammarError) return error.diagnostics[0]!.code;
    throw error;
  }
};

describe('exact numbers', () => {
  it('decimals are fractions', () => {
    expect(Q.parseRational('-2.50e-3')).toEqual({ numerator: -1n, denominator: 400n });
    expect(Q.parseRational('1e3')).toEqual({ numerator: 1000n, denominator: 1n });
    same('0.1 + 0.2', '0.3');
    same('0.1 * w * 3 - 0.3 * w', '0');
  });

  it('decimal text is exact, and only where there is one', () => {
    for (const text of ['0.0025', '-1e-9', '123456.789', '1e300', '1.5e-300', '100000', '1e6']) {
      expect(Q.decimalText(Q.parseRational(text))).toBe(text);
    }
    expect(Q.decimalText(Q.rational(1, 3))).toBeNull();
    expect(Q.decimalText(Q.rational(1, 1024))).toBe('0.0009765625');
  });

  it('float64 values are the nearest, also for parts beyond its range', () => {
    for (const text of ['0.1', '1e-308', '5e-324', '2.4e-324', '1.7976931348623157e308', '1e400']) {
      expect(Q.toNumber(Q.parseRational(text))).toBe(Number(text));
    }
    const third = Q.divide(Q.parseRational('1e500'), Q.parseRational('3e500'));
    expect(Q.toNumber(third)).toBe(1 / 3);
    expect(Q.toNumber(Q.rational(2n ** 2000n + 1n, 3n * 2n ** 2000n))).toBe(1 / 3);
    expect(Q.toNumber(Q.rational(-(2n ** 53n + 1n), 1n))).toBe(-(2 ** 53));
    expect(Q.toNumber(Q.rational(2n ** 53n + 3n, 1n))).toBe(2 ** 53 + 4);
  });
});

describe('normal form', () => {
  it('divides out', () => {
    same('pre * (post + w) / (post + w)', 'pre');
    same('post / (post + w) + w / (post + w)', '1');
    same('(post^2 - w^2) / (post + w)', 'post - w');
    same('1 / (2 * post + 2 * w)', '0.5 / (w + post)');
    same('1 / (1 + 1 / (1 + w))', '(1 + w) / (2 + w)');
    same('1 / (post * pre + post * w + pre * w + w^2)', '1 / (w + pre) / (post + w)');
    same('1 / (w^2 + 2 * w * pre + pre^2)', '(w + pre)^-2');
    same('w * pre / w', 'pre');
  });

  it('splits sums and takes out what does not vary over them', () => {
    same('sum_pre(eta * post * w * (pre - 1))', 'eta * post * (sum_pre(w * pre) - sum_pre(w))');
    same('sum_post(pre * w)', 'pre * sum_post(w)');
    same('sum_pre(post)', 'post * sum_pre(1)');
    same('sum_upto_post(pre * w * reward)', 'reward * pre * sum_upto_post(w)');
    same('mean_pre(2 * post * pre)', '2 * post * mean_pre(pre)');
  });

  it('sums over everything keep what they range over', () => {
    same('sum_all(post * (pre - 1))', 'sum_all(post * pre) - sum_all(post * sum_pre(1))');
    same('sum_all(post * sum_pre(w * pre))', 'sum_all(pre * sum_post(w * post))');
    same('sum_all((post - 0.5)^2)', 'sum_all(post^2) - sum_all(post) + 0.25 * post.size');
    same('sum_all(w / w)', 'sum_all(sum_pre(1))');
    same('sum_all(sum_post(1))', 'sum_all(sum_pre(1))');
    expect(form('sum_all(post)').key).not.toBe(form('sum_all(post * w / w)').key);
    expect(form('mean_all(post * w - post)').monomials).toHaveLength(1);
  });

  it('functions of exact numbers are numbers only where that is exact', () => {
    same('exp(w - w) + sqrt(9 / 4) + log(1)', '2.5');
    same('min(2, 1) + clip(3, 0, 2) + relu(-1) + step(0) + sign(-2) + abs(-3)', '5');
    expect(form('exp(1)').monomials[0]!.factors).toHaveLength(1);
    same('max(w, pre)', 'max(pre, w)');
    same('max(w, 2 * w - w)', 'w');
    same('tanh(w * (pre + 1))', 'tanh(w + pre * w)');
  });

  it('quantities are numbers of base units', () => {
    same('20 ms * 5 Hz', '0.1');
    same('1 s', '1000 ms');
    same('3 per s', '0.003 per ms');
    expect(canonicalText(form('w * 8e-5 per mV per mV'))).toBe('8e-5 per mV per mV * w');
  });

  it('is bounded: what would be too large stays a whole', () => {
    const sum = '(w + pre + post + pre.error + post.error + reward + eta + theta)';
    expect(form(`${sum}^30`).monomials).toHaveLength(1);
    expect(form('(w + 1)^64').monomials).toHaveLength(65);
    expect(form('(w + 1)^65').monomials).toHaveLength(1);
    expect(form('w^1000000000 / (1 + w)').monomials).toHaveLength(1);
  });

  it('refuses what has no value', () => {
    expect(codeOf('pre / (post - post)')).toBe(divisionByZero.code);
    expect(codeOf('(w - w)^-2')).toBe(divisionByZero.code);
    expect(codeOf('(w - w)^0')).toBe(zeroToPowerZero.code);
    expect(codeOf('w^0')).toBe('1');
    expect(codeOf('2^1000000')).toBe(numberOutOfRange.code);
    expect(codeOf('1e200 * 1e200 * w')).toBe(numberOutOfRange.code);
    expect(codeOf('sum_all(reward)')).toBe(sumRangeUnclear.code);
    expect(codeOf('nothing * w')).toBe(unknownInAlgebra.code);
    expect(new Set(algebraDiagnostics.map(({ code }) => code)).size).toBe(
      algebraDiagnostics.length,
    );
  });
});

describe('measures', () => {
  it('count as the language says', () => {
    const oja = form('eta * post * (pre - post * w)');
    expect([complexity(oja), degree(oja), power(oja)]).toEqual([4, 3, 2]);
    const f8 = form('-post * sum_all(post.error * w * pre) * pre.error');
    expect([complexity(f8), degree(f8), power(f8)]).toEqual([6, 5, 1]);
    const hill = form('tanh(theta * post)^3 / (1 + pre)');
    expect([complexity(hill), degree(hill), power(hill)]).toEqual([3, 4, 3]);
  });
});
