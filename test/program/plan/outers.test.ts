import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareEvaluation } from '../../../src/engine/interpret/evaluate.js';
import { GraphBuilder } from '../../../src/program/builder.js';
import type { Node } from '../../../src/program/ir.js';
import { graphOf } from '../../../src/program/plan/graph-of.js';
import { collectOuters, type Outer, rankOf, termsOf } from '../../../src/program/plan/outers.js';
import { worstRelative } from '../../support/golden.js';

const [M, N] = [4, 3];
const lefts = ['p', 'q', 'r', 's'];
const rights = ['u', 'v', 'w', 'z'];

const pairs = fc.array(
  fc.record({
    left: fc.integer({ min: 0, max: 3 }),
    right: fc.integer({ min: 0, max: 3 }),
    factor: fc.constantFrom(1, -1, 2, -0.5),
    negated: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

/** The fewest of the eight sides that every pair has one of, tried out. */
function fewestSides(edges: readonly (readonly [number, number])[]): number {
  let fewest = 8;
  for (let chosen = 0; chosen < 256; chosen++) {
    const has = (k: number): boolean => (chosen & (1 << k)) !== 0;
    if (!edges.every(([left, right]) => has(left) || has(4 + right))) continue;
    fewest = Math.min(fewest, [...Array(8).keys()].filter(has).length);
  }
  return fewest;
}

/** Σ leftᵀ right, computed as it stands. */
function total(b: GraphBuilder, outers: readonly Outer[]): Float64Array {
  const products = outers.map(({ left, right }) => b.matmul(left, right, true, false));
  const sum = b.total([b.constant(0, [M, N]), ...products])!;
  const graph = graphOf('sum', [{ name: 'sum', node: sum }]);
  const evaluation = prepareEvaluation(graph);
  for (const { name, shape } of graph.inputs) {
    const values = Float64Array.from({ length: shape[1] }, (_, k) =>
      Math.sin(name.charCodeAt(0) * (k + 1)),
    );
    evaluation.bind(name, values);
  }
  evaluation.run();
  return evaluation.output('sum');
}

describe('sums of outer products', () => {
  it('become as few as their shared sides allow, with the same sum', () => {
    fc.assert(
      fc.property(pairs, (chosen) => {
        const b = new GraphBuilder();
        const factor = b.input('c', [1, 1]);
        const outers = chosen.map((pair): Outer => {
          const right = b.input(rights[pair.right]!, [1, N]);
          const scaled = b.multiply(b.constant(pair.factor), b.multiply(factor, right));
          const left = b.input(lefts[pair.left]!, [1, M]);
          return { left: pair.negated ? b.unary('negate', left) : left, right: scaled };
        });
        const collected = collectOuters(b, outers);
        const edges = chosen.map(({ left, right }) => [left, right] as const);
        expect(collected.length).toBeLessThanOrEqual(fewestSides(edges));
        expect(rankOf(termsOf(b, outers))).toBe(collected.length);
        const [found, wanted] = [total(b, collected), total(b, outers)];
        found.forEach((x, k) => {
          expect(x).toBeCloseTo(wanted[k]!, 12);
        });
      }),
    );
  });

  it('are taken apart only if that makes them fewer', () => {
    const b = new GraphBuilder();
    const [p, q] = lefts.map((name): Node => b.input(name, [1, M]));
    const [u, v] = rights.map((name): Node => b.input(name, [1, N]));
    const one = { left: b.add(p!, q!), right: u! };
    expect(collectOuters(b, [one])).toEqual([one]);
    // (p + q)ᵀu + pᵀv − pᵀu is qᵀu + pᵀv: no fewer than as it stands, by left sides p + q and p.
    const three = [one, { left: p!, right: v! }, { left: p!, right: b.unary('negate', u!) }];
    expect(collectOuters(b, three)).toHaveLength(2);
    const four = [...three, { left: q!, right: b.unary('negate', u!) }];
    // What is left when all is multiplied out is pᵀv.
    expect(collectOuters(b, four)).toHaveLength(1);
    expect(worstRelative(total(b, collectOuters(b, four)), total(b, four))).toBeLessThan(1e-12);
  });
});
