import { describe, expect, it } from 'vitest';
import { notInCatalogue } from '../../src/base/diagnostics/catalogue.js';
import { unknownName } from '../../src/base/diagnostics/language.js';
import { noRule, notOneRule, unknownGrade } from '../../src/base/diagnostics/testing.js';
import { unwrap } from '../../src/base/result.js';
import { readRule } from '../../src/compile.js';
import '../../src/testing/vitest.js';
import { messageOf } from './message.js';

describe('toEqualRule', () => {
  it('takes texts, lines, names of the catalogue, files and checked rules', () => {
    const oja = 'dw = 0.01 * (post * pre - w * post^2)';
    expect(oja).toEqualRule('oja');
    expect(`rule mine { ${oja} }`).toEqualRule('rules/oja.rule#oja');
    expect(unwrap(readRule('oja'))).toEqualRule(oja);
    expect('hebb').not.toEqualRule('anti_hebb');
  });

  it('prints the difference and both rules', async () => {
    expect(await messageOf(() => expect('hebb_decay').toEqualRule('hebb'))).toMatchInlineSnapshot(`
      "hebb_decay is not hebb

      hebb_decay less hebb:
        dw: - 0.001 * w

      hebb_decay:
        param eta = 0.01, lambda = 0.001
        dw = eta * post * pre - lambda * w
      hebb:
        param eta = 0.01
        dw = eta * post * pre"
    `);
    expect(
      await messageOf(() => expect('dw = 0.02 * post * pre - 0.02 * w').toEqualRule('hebb')),
    ).toMatchInlineSnapshot(`
      "unnamed is not hebb

      unnamed learns 2 times as fast as hebb
      unnamed less 2 × hebb:
        dw: - 0.02 * w

      unnamed:
        dw = 0.02 * (post * pre - w)
      hebb:
        param eta = 0.01
        dw = eta * post * pre"
    `);
  });

  it('leaves learning rates and a named difference out where that is asked for', async () => {
    expect('dw = 3 * post * pre').toEqualRule('hebb', { upToRate: true });
    expect('dw = 3 * post * pre').not.toEqualRule('hebb');
    expect('hebb_decay').toEqualRule('hebb', { upTo: 'dw: - 0.001*w' });
    expect('hebb_decay').not.toEqualRule('hebb', { upTo: 'dw: - 0.002 * w' });
    expect('hebb').not.toEqualRule('hebb', { upTo: 'dw: - 0.001 * w' });
    expect(
      await messageOf(() => expect('oja').not.toEqualRule('dw = 0.01*post*pre - 0.01*w*post^2')),
    ).toMatchInlineSnapshot(`
      "oja and unnamed do the same:

        param eta = 0.01
        dw = eta * post * (pre - post * w)"
    `);
  });

  it('fails for what is no rule, whichever answer is wanted', async () => {
    const wrong: [unknown, string][] = [
      ['dw = psot * pre', unknownName.code],
      ['ojaa', notInCatalogue.code],
      [7, noRule.code],
      [null, noRule.code],
      [readRule('oja'), noRule.code],
      ['rule a { dw = w } rule b { dw = w }', notOneRule.code],
      ['space s { term = w }', notOneRule.code],
    ];
    for (const [given, code] of wrong) {
      expect(await messageOf(() => expect(given).toEqualRule('hebb'))).toContain(code);
      expect(await messageOf(() => expect(given).not.toEqualRule('hebb'))).toContain(code);
    }
    expect(await messageOf(() => expect('hebb').toEqualRule('dw = psot'))).toMatchInlineSnapshot(`
      "rule in a test:1:21 E201 nothing is called \`psot\` here
        1 | rule unnamed { dw = psot }
          |                     ^^^^
        expected: w, pre, post, pre.input, post.input, pre.slope, post.slope, pre.spike, post.spike, post.voltage, post.plateau, post.noise, w.noise, post.partner, pre.feedback, post.feedback, pre.error, post.error, post.target, reward, cost, gain, sample_weight, dt, pre.size, post.size
        hint: did you mean \`post\`?"
    `);
  });
});

describe('toHaveLocalityAtMost', () => {
  it('names the part that reads more', async () => {
    expect('oja').toHaveLocalityAtMost('synapse');
    expect('oja_subspace').toHaveLocalityAtMost('transport');
    expect('oja_subspace').not.toHaveLocalityAtMost('feedback');
    const asked = (): void => expect('dw = 0.1 * post.error * pre').toHaveLocalityAtMost('neuron');
    expect(await messageOf(asked)).toMatchInlineSnapshot(`
      "unnamed is feedback, more than neuron
        because of \`post.error\` (rule in a test:1:27)"
    `);
  });

  it('knows the grades', async () => {
    const asked = (): void => expect('oja').not.toHaveLocalityAtMost('local' as 'global');
    expect(await messageOf(asked)).toContain(unknownGrade.code);
  });
});
