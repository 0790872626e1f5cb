import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/algebra/canonical.js';
import { describeCost, updateCost } from '../../src/algebra/cost.js';
import { machineForm } from '../../src/algebra/machine-form.js';
import { normalForm } from '../../src/algebra/normal-form.js';
import type { Polynomial } from '../../src/algebra/types.js';
import { unwrap } from '../../src/base/result.js';
import type { Parameter, Scope } from '../../src/language/checked.js';
import { parseExpression } from '../../src/language/parse.js';
import { PARAMETERS, SCOPE } from '../support/algebra-scope.js';
import { TEN_NAMES, TEN_TERM_UPDATE } from '../support/ten-terms.js';

const coefficients = TEN_NAMES.map((name): [string, Parameter] => [
  name,
  { ...PARAMETERS[0]!, name },
]);
const POOL_SCOPE: Scope = {
  table: SCOPE.table,
  parameters: new Map(coefficients),
  memories: new Map(),
};

const machine = (text: string, scope = SCOPE) =>
  machineForm(normalForm(unwrap(parseExpression({ name: 'test', text })), scope));
const text = (p: Polynomial): string => canonicalText(p);

describe('machine form', () => {
  it('of the ten-term pool is three outer products and a decay', () => {
    const form = machine(TEN_TERM_UPDATE, POOL_SCOPE);
    expect(form.outers.map(({ post }) => text(post)).sort()).toEqual(['1', 'post', 'post.error']);
    expect(text(form.decay)).toBe('-F3');
    expect([form.rows, form.columns, form.dense].map(text)).toEqual(['0', '0', '0']);
    const cost = updateCost(form);
    expect(cost).toEqual({
      outerProducts: 3,
      matrixVectorProducts: 2,
      densePasses: 0,
      scalesWeights: true,
    });
    expect(describeCost(cost)).toBe(
      '3 outer products, 2 matrix-vector products and a scaling of the weights',
    );
  });

  it("of Oja's rule scales rows", () => {
    const form = machine('eta * post * (pre - post * w)');
    expect(form.outers).toHaveLength(1);
    expect(text(form.rows)).toBe('-eta * post^2');
    expect(updateCost(form).matrixVectorProducts).toBe(0);
  });

  it('chooses the side with fewer products', () => {
    expect(machine('pre * (post + post.error + post * post.error)').outers).toHaveLength(1);
    expect(machine('post * (pre + pre.error + pre * pre.error)').outers).toHaveLength(1);
  });

  it('puts what has neither form synapse by synapse', () => {
    expect(text(machine('eta * w^2 + pre * w - post * pre * w').dense)).toBe(
      'w * (eta * w - post * pre)',
    );
    expect(text(machine('reward * pre * w').columns)).toBe('reward * pre');
    expect(updateCost(machine('post * sum_upto_post(post * w)')).densePasses).toBe(2);
    expect(machine('1 / (pre + post)').dense.monomials).toHaveLength(1);
    expect(machine('post / (1 + post) * pre').outers).toHaveLength(1);
    expect(describeCost(updateCost(machine('0')))).toBe('nothing to compute');
  });
});
