import { expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { prepareEvaluation } from '../../src/engine/interpret/evaluate.js';
import { GraphBuilder } from '../../src/program/builder.js';
import { differentiate } from '../../src/program/differentiate.js';
import type { Graph, Node } from '../../src/program/ir.js';
import { tangentsOf } from '../../src/program/tangents.js';
import { randomGraph } from '../support/random-graph.js';

/** Σ g·(J t) and Σ (Jᵀ g)·t, each with the terms that it is made of, added up by size. */
function bothWays(graph: Graph, stream: Stream): { forward: number; back: number; size: number } {
  const b = new GraphBuilder();
  const seen = new Map<Node, Node>();
  const inputs = graph.inputs.map(({ name, shape }) => b.input(name, shape));
  const outputs = graph.outputs.map(({ node }) => b.adopt(node, seen));
  const directions = inputs.map((node, k) => b.input(`t ${k}`, node.shape));
  const adjoints = outputs.map((node, k) => b.input(`g ${k}`, node.shape));
  const pushed = tangentsOf(
    b,
    inputs.map((node, k) => ({ node, tangent: directions[k]! })),
    outputs,
  );
  const pulled = differentiate(
    b,
    outputs.map((node, k) => ({ node, adjoint: adjoints[k]! })),
    inputs,
  );
  const dot = (x: Node, y: Node): Node => b.sum(b.sum(b.multiply(x, y), 'rows'), 'columns');
  const total = (nodes: readonly Node[]): Node => b.total(nodes) ?? b.constant(0);
  const forward = pushed.map((node, k) => dot(node, adjoints[k]!));
  const back = pulled.map((node, k) => dot(node, directions[k]!));
  const evaluation = prepareEvaluation(
    b.build('both ways', [
      { name: 'forward', node: total(forward) },
      { name: 'back', node: total(back) },
      { name: 'size', node: total([...forward, ...back].map((node) => b.unary('abs', node))) },
    ]),
  );
  for (const { name, shape } of [
    ...graph.inputs,
    ...directions.map((node, k) => ({ name: `t ${k}`, shape: node.shape })),
    ...adjoints.map((node, k) => ({ name: `g ${k}`, shape: node.shape })),
  ]) {
    const values = Float64Array.from({ length: shape[0] * shape[1] }, () => stream.uniform(-1, 1));
    evaluation.bind(name, values);
  }
  evaluation.run();
  const read = (name: string): number => evaluation.output(name)[0]!;
  return { forward: read('forward'), back: read('back'), size: read('size') };
}

it('tangents and adjoints of 1,000 random graphs agree: g·(J t) = (Jᵀ g)·t', () => {
  let counted = 0;
  for (let k = 0; k < 1000; k++) {
    const stream = new Stream(k, 'tangents');
    const { forward, back, size } = bothWays(randomGraph(stream, 3, 4), stream);
    expect(Math.abs(forward - back), `graph ${k}`).toBeLessThanOrEqual(1e-12 * (1 + size));
    if (Math.abs(forward) > 1e-3) counted += 1;
  }
  // The law says something: most graphs depend on their inputs.
  expect(counted).toBeGreaterThan(800);
});
