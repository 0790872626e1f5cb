import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measured } from '../../src/algebra/build-expression.js';
import { latexMatrixTerm } from '../../src/algebra/latex-matrix.js';
import { latexMatrix } from '../../src/algebra/latex-rule.js';
import { columnForm } from '../../src/algebra/matrix-column.js';
import { matrixForm } from '../../src/algebra/matrix-form.js';
import { unwrap } from '../../src/base/result.js';
import { type Expression, NOWHERE } from '../../src/language/ast.js';
import { checkRule } from '../../src/language/check.js';
import { parse, parseExpression } from '../../src/language/parse.js';
import { printExpression } from '../../src/language/print.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { SCOPE } from '../support/algebra-scope.js';
import { compareBounded, number } from '../support/bounded.js';
import { evaluateMatrix } from '../support/matrix-values.js';
import { evaluateAt, type Network, randomNetwork } from '../support/network.js';
import { EVERYTHING, expressions } from '../support/rules.js';

/** The matrix form takes every neuron to be connected to every other. */
function dense(seed: number): Network {
  const network = randomNetwork(SCOPE, seed);
  return { ...network, exists: network.exists.map((row) => row.map(() => true)) };
}

function ofRule(text: string): string {
  const source = { name: 'test', text: `rule r { ${text} }` };
  const [rule] = unwrap(parse(source));
  if (rule?.kind !== 'rule') throw new Error('not a rule');
  return latexMatrix(unwrap(checkRule(rule, source, wholeVocabulary)));
}

function ofTerm(text: string): string {
  const expression = unwrap(parseExpression({ name: 'test', text }));
  return latexMatrixTerm(expression, {
    table: wholeVocabulary,
    parameters: new Map(),
    memories: new Map(),
  });
}

describe('matrix form', () => {
  it('is what the rule says at every synapse, for 600 generated rules', () => {
    const rules = fc.sample(expressions(SCOPE, { ...EVERYTHING, depth: 3 }), {
      numRuns: 600,
      seed: 5,
    });
    let [same, unclear] = [0, 0];
    for (const [index, rule] of rules.entries()) {
      const network = dense(index);
      const value = evaluateMatrix(matrixForm(rule, SCOPE), network);
      const whole = value.length === 1 && value[0]!.length === 1;
      for (let i = 0; i < network.postSize; i++) {
        for (let j = 0; j < network.preSize; j++) {
          const found = whole ? (value[0]![0] ?? number(Number.NaN)) : value[i]![j]!;
          const verdict = compareBounded(evaluateAt(rule, network, i, j), found);
          expect(verdict, `${index}: ${printExpression(rule)}`).not.toBe('different');
          if (verdict === 'same') same += 1;
          else unclear += 1;
        }
      }
    }
    // Jumps and poles set some entries aside; far more are compared.
    expect(unclear / (same + unclear)).toBeLessThan(0.2);
  });

  it('is what an `if` says, for 300 generated ones', () => {
    const options = { ...EVERYTHING, depth: 2, functions: false };
    const four = fc.array(expressions(SCOPE, options), { minLength: 4, maxLength: 4 });
    const cases = fc.sample(four, { numRuns: 300, seed: 9 });
    let [same, total] = [0, 0];
    for (const [index, [left, right, first, second]] of cases.entries()) {
      const network = dense(index);
      const condition = { kind: 'compare', operator: '>', left: left!, right: right! } as const;
      const choice: Expression = {
        kind: 'if',
        condition: { ...condition, span: NOWHERE },
        // biome-ignore lint/suspicious/noThenProperty: this is the word of the language
        then: first!,
        otherwise: index % 2 === 0 ? measured('0') : second!,
        span: NOWHERE,
      };
      const value = evaluateMatrix(matrixForm(choice, SCOPE), network);
      const whole = value.length === 1 && value[0]!.length === 1;
      for (let i = 0; i < network.postSize; i++) {
        for (let j = 0; j < network.preSize; j++) {
          const [a, b] = [left!, right!].map((each) => evaluateAt(each, network, i, j));
          if (compareBounded(a!, b!) !== 'different') continue;
          const expected = a!.value > b!.value ? choice.then : choice.otherwise;
          const found = whole ? value[0]![0]! : value[i]![j]!;
          const verdict = compareBounded(evaluateAt(expected, network, i, j), found);
          expect(verdict, `${index}: ${printExpression(choice)}`).not.toBe('different');
          total += 1;
          if (verdict === 'same') same += 1;
        }
      }
    }
    expect(total).toBeGreaterThan(2000);
    expect(same / total).toBeGreaterThan(0.8);
  });

  it.each(['pre', 'post'] as const)('of %s quantities is a column, entry by entry', (side) => {
    const options = { ...EVERYTHING, depth: 3 };
    const columns = fc.sample(expressions(SCOPE, options, side), { numRuns: 200, seed: 4 });
    let [same, total] = [0, 0];
    for (const [index, expression] of columns.entries()) {
      const network = dense(index);
      const value = evaluateMatrix(columnForm(expression, SCOPE, side), network);
      for (const [at, [found]] of value.entries()) {
        const [i, j] = side === 'post' ? [at, 0] : [0, at];
        const verdict = compareBounded(evaluateAt(expression, network, i, j), found!);
        expect(verdict, `${index}: ${printExpression(expression)}`).not.toBe('different');
        total += 1;
        if (verdict === 'same') same += 1;
      }
    }
    expect(same / total).toBeGreaterThan(0.8);
  });

  it('writes the textbook forms', () => {
    expect(ofRule('dw = 0.01 * post * (pre - post * w)')).toBe(
      '\\Delta W = 0.01 (y x^\\top - \\operatorname{diag}(y)^2 W)',
    );
    expect(ofRule('param eta = 0.01 dw = eta * post * (pre - sum_upto_post(post * w))')).toBe(
      '\\Delta W = \\eta (y x^\\top - \\operatorname{tril}(y y^\\top) W)',
    );
    expect(
      ofRule(
        'param F0 = 1, F2 = 1, F9 = 1 dw = -F0 * post.error * pre - F2 * post.error * pre.error' +
          ' + F9 * post * (pre - sum_post(post * w))',
      ),
    ).toBe(
      '\\Delta W = -F_0 e x^\\top - F_2 e e_{\\mathrm{pre}}^\\top' +
        ' + F_9 (y x^\\top - y y^\\top W)',
    );
  });

  it('writes sums as products', () => {
    expect(ofTerm('sum_pre(w * pre)')).toBe('W x \\mathbf{1}_{\\mathrm{pre}}^\\top');
    expect(ofTerm('pre.error * sum_post(post * w)')).toBe(
      '\\mathbf{1}_{\\mathrm{post}} y^\\top W \\operatorname{diag}(e_{\\mathrm{pre}})',
    );
    expect(ofTerm('post * pre * sum_all(post * w * pre.error)')).toBe(
      '(y^\\top W e_{\\mathrm{pre}}) y x^\\top',
    );
    expect(ofTerm('(post + post.error) * (pre + pre.error)')).toBe(
      '(y + e) (x + e_{\\mathrm{pre}})^\\top',
    );
    expect(ofTerm('w^2 * pre / 3')).toBe('\\frac{1}{3} W^{\\odot 2} \\operatorname{diag}(x)');
    expect(ofTerm('14783142660 * w')).toBe('1.478314266 \\cdot 10^{10} W');
  });
});
