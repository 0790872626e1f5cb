import { describe, expect, it } from 'vitest';
import type { Graph, Node } from '../../../src/program/ir.js';
import { planEpisode } from '../../../src/program/plan/plan-episode.js';
import { programOf } from '../../support/program.js';
import { TEN_TERM_UPDATE, TEN_TERMS } from '../../support/ten-terms.js';

/*
 * What a step costs is how often it goes over matrices: products of a vector with one, and outer products
 * added to one.
 */

const SIZES = [9, 7, 6, 5];

const isMatrix = ({ shape }: Node): boolean => shape[0] > 1 && shape[1] > 1;

/** Products with a matrix and outer products of each shape. */
function count(graph: Graph): Record<string, { products: number; outers: number }> {
  const found: Record<string, { products: number; outers: number }> = {};
  const of = ({ shape }: Node) => (found[shape.join('×')] ??= { products: 0, outers: 0 });
  for (const node of graph.nodes) {
    if (node.operation.op !== 'matmul') continue;
    const matrix = node.operands.find(isMatrix);
    if (matrix) of(matrix).products += 1;
    else if (isMatrix(node)) of(node).outers += 1;
  }
  return found;
}

const ruleOf = (terms: readonly string[]): string => {
  const names = terms.map((_, k) => `c${k}`);
  const update = terms.map((term, k) => `${names[k]} * (${term})`).join(' + ');
  return `rule test { param ${names.map((name) => `${name} = 0 fit`).join(', ')}\n dw = ${update} }`;
};

const planOf = (rule: string) => planEpisode(programOf(rule, SIZES, 3));

describe('the ten terms', () => {
  const plan = planOf(ruleOf(TEN_TERMS));

  it('cost two products and two outer products a step and matrix, and one product with the feedback', () => {
    const each = { products: 3, outers: 2 };
    expect(count(plan.forward)).toEqual({ '7×9': each, '6×7': each, '5×6': each });
  });

  it('and on the way back six products and four outer products, and one with the feedback', () => {
    const each = { products: 7, outers: 4 };
    // Nothing asks for the adjoint of the image.
    const first = { products: 6, outers: 4 };
    expect(count(plan.backward)).toEqual({ '7×9': first, '6×7': each, '5×6': each });
  });

  it('leave only numbers and vectors', () => {
    expect(plan.tape.filter(({ shape }) => shape[0] > 1)).toEqual([]);
    expect(plan.shrinking).toEqual(['W1', 'W2', 'W3'].map((name) => `decay of ${name}`));
  });

  it.each([
    ['permuted', [...TEN_TERMS].reverse()],
    ['all there twice', [...TEN_TERMS, ...TEN_TERMS]],
    ['with the first eight there twice', [...TEN_TERMS, ...TEN_TERMS.slice(0, 8)]],
  ])('cost no more %s', (_, terms) => {
    const other = planOf(ruleOf(terms));
    expect(count(other.forward)).toEqual(count(plan.forward));
    expect(count(other.backward)).toEqual(count(plan.backward));
    const numbers = (slots: typeof plan.tape) =>
      slots.reduce((sum, { shape }) => sum + shape[1], 0);
    expect(numbers(other.tape)).toBeLessThanOrEqual(numbers(plan.tape) + 3 * 10);
  });

  it('change a matrix by no more outer products than three of them do', () => {
    const three = planOf(ruleOf([TEN_TERMS[0], TEN_TERMS[2], TEN_TERMS[9]]));
    const most = (graph: Graph) => Math.max(...Object.values(count(graph)).map((c) => c.outers));
    expect(most(three.forward)).toBe(2);
    expect(most(plan.forward)).toBe(2);
  });

  it('are the same whatever they are called', () => {
    const other = planOf(`rule x { param ${TEN_TERMS.map((_, k) => `z${k} = 0 fit`).join(', ')}
      dw = ${TEN_TERM_UPDATE.replaceAll(/F(\d)/g, 'z$1')} }`);
    expect(count(other.forward)).toEqual(count(plan.forward));
  });
});
