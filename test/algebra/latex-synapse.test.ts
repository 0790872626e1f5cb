import { describe, expect, it } from 'vitest';
import { latexSynapse } from '../../src/algebra/latex-rule.js';
import { symbolsOf } from '../../src/algebra/latex-symbols.js';
import { latexTerm } from '../../src/algebra/latex-synapse.js';
import { unwrap } from '../../src/base/result.js';
import { checkRule } from '../../src/language/check.js';
import { parse, parseExpression } from '../../src/language/parse.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';

function ofRule(text: string): string {
  const source = { name: 'test', text: `rule r { ${text} }` };
  const [rule] = unwrap(parse(source));
  if (rule?.kind !== 'rule') throw new Error('not a rule');
  return latexSynapse(unwrap(checkRule(rule, source, wholeVocabulary)));
}

const SCOPE = { table: wholeVocabulary, parameters: new Map(), memories: new Map() };

function ofTerm(text: string): string {
  return latexTerm(unwrap(parseExpression({ name: 'test', text })), SCOPE);
}

describe('synapse form', () => {
  it('keeps the algebra of the writer', () => {
    expect(ofRule('param eta = 0.01 dw = eta * post * (pre - post * w)')).toBe(
      '\\Delta w_{ij} = \\eta y_i (x_j - y_i w_{ij})',
    );
    expect(
      ofRule(
        'param F0 = 1, F2 = 1, F9 = 1 dw = -F0 * post.error * pre - F2 * post.error * pre.error' +
          ' + F9 * post * (pre - sum_post(post * w))',
      ),
    ).toBe(
      '\\Delta w_{ij} = -F_0 e_i x_j - F_2 e_i e_j' +
        ' + F_9 y_i \\left(x_j - \\sum_k y_k w_{kj}\\right)',
    );
  });

  it('replaces lets', () => {
    expect(ofRule('let change = post - w dw = 2 * change * pre')).toBe(
      '\\Delta w_{ij} = 2 (y_i - w_{ij}) x_j',
    );
  });

  it('gives every sum an index of its own side that is in use nowhere around it', () => {
    expect(ofTerm('sum_pre(w * sum_post(post * w) * sum_all(post * w * pre))')).toBe(
      '\\sum_l w_{il} \\left(\\sum_k y_k w_{kl}\\right) \\sum_{k, n} y_k w_{kn} x_n',
    );
    expect(ofTerm('sum_all(post.error) - sum_all(pre.error)')).toBe('\\sum_k e_k - \\sum_l e_l');
    expect(ofTerm('sum_upto_post(post * w)')).toBe('\\sum_{k \\le i} y_k w_{kj}');
    expect(ofTerm('mean_pre(pre) * max_all(w)')).toBe(
      '\\left\\langle x_l \\right\\rangle_l \\max_{k, l} w_{kl}',
    );
  });

  it('puts brackets where a reader would be misled without', () => {
    expect(ofTerm('sum_all(post) * pre')).toBe('\\left(\\sum_k y_k\\right) x_j');
    expect(ofTerm('pre * -post')).toBe('x_j (-y_i)');
    expect(ofTerm('pre - (post - w)')).toBe('x_j - (y_i - w_{ij})');
    expect(ofTerm('-(pre + post)^2')).toBe('-(x_j + y_i)^2');
    expect(ofTerm('(-pre)^2')).toBe('(-x_j)^2');
    expect(ofTerm('(pre^2)^3')).toBe('(x_j^2)^3');
    expect(ofTerm('sum_pre(pre + 1)')).toBe('\\sum_l (x_l + 1)');
    expect(ofTerm('pre / (post + 1) * w')).toBe('\\frac{x_j}{y_i + 1} w_{ij}');
  });

  it('writes numbers as people do', () => {
    expect(ofTerm('1e-3 * pre')).toBe('10^{-3} x_j');
    expect(ofTerm('2.5e4 * pre')).toBe('2.5 \\cdot 10^{4} x_j');
    expect(ofTerm('2 * 3 * pre * 4')).toBe('2 \\cdot 3 x_j \\cdot 4');
    expect(ofTerm('.5 * pre')).toBe('0.5 x_j');
    expect(ofTerm('1e-3^2')).toBe('(10^{-3})^2');
  });

  it('writes functions as people do', () => {
    expect(ofTerm('tanh(pre) * relu(post - 1) * abs(w) * step(pre)')).toBe(
      '\\tanh(x_j) [y_i - 1]_+ |w_{ij}| \\operatorname{step}(x_j)',
    );
    expect(ofTerm('sigmoid(pre) + sqrt(post)')).toBe('\\sigma(x_j) + \\sqrt{y_i}');
    expect(ofTerm('post.slope^2 * exp(-post.input)')).toBe("(\\phi'(u_i))^2 \\exp(-u_i)");
  });

  it('writes names of parameters as symbols', () => {
    expect(
      ofRule(
        'param eta = 1, A_plus = 1, A2_minus = 1, theta_d = 1, w_star = 1, F10 = 1, kept = 1 ' +
          'dw = eta * A_plus * A2_minus * theta_d * w_star * F10 * kept * pre',
      ),
    ).toBe(
      '\\Delta w_{ij} = \\eta A_{+} A_{2,-} \\theta_d w_{\\ast} F_{10} \\, \\mathrm{kept} \\, x_j',
    );
  });

  it('never gives two names the same symbol', () => {
    const names = [
      'x',
      'y',
      'e',
      'W',
      'F0',
      'F_0',
      'i',
      'j',
      'R',
      'k',
      'A_plus',
      'sigma',
      'n_pre',
      'y_i',
    ];
    const source = {
      name: 'test',
      text: `rule r { param ${names.map((n) => `${n} = 1`).join(', ')} dw = ${names.join(' + ')} }`,
    };
    const [rule] = unwrap(parse(source));
    if (rule?.kind !== 'rule') throw new Error('not a rule');
    const { scope } = unwrap(checkRule(rule, source, wholeVocabulary));
    const symbols = symbolsOf(scope);
    const written = names.map(symbols.parameter);
    const taken = wholeVocabulary.signals.flatMap((s) => [s.symbol, s.matrixSymbol]);
    expect(new Set([...written, ...taken]).size).toBe(written.length + new Set(taken).size);
    expect(symbols.parameter('x')).toBe('\\mathrm{x}');
    expect(symbols.parameter('y_i')).toBe('\\mathrm{y\\_i}');
    expect(symbols.parameter('F_0')).toBe('\\mathrm{F\\_0}');
    // A parameter k takes the letter from the sums, and \sigma is no function any more.
    expect(latexTerm(unwrap(parseExpression({ name: 't', text: 'sum_all(post)' })), scope)).toBe(
      '\\sum_m y_m',
    );
    expect(latexTerm(unwrap(parseExpression({ name: 't', text: 'sigmoid(pre)' })), scope)).toBe(
      '\\operatorname{sigmoid}(x_j)',
    );
  });
});
