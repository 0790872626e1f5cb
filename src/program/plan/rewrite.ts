import { GraphBuilder } from '../builder.js';
import type { Graph, Node, Operation } from '../ir.js';

/** What becomes of a node, given its operands in the new graph; undefined: the same operation on them. */
export type Rule<B extends GraphBuilder> = (
  builder: B,
  node: Node,
  operands: readonly Node[],
) => Node | undefined;

/**
 * The graph with every node rewritten, operands first. Inputs and outputs stay, under their names and in
 * their order; what no output needs any more is gone, and equal nodes are one.
 */
export function rewriteGraph(graph: Graph, rule: Rule<GraphBuilder>): Graph;
export function rewriteGraph<B extends GraphBuilder>(
  graph: Graph,
  rule: Rule<B>,
  builder: B,
): Graph;
export function rewriteGraph(
  graph: Graph,
  rule: Rule<GraphBuilder>,
  builder = new GraphBuilder(),
): Graph {
  for (const { name, shape } of graph.inputs) builder.input(name, shape);
  const made = new Map<Node, Node>();
  for (const node of graph.nodes) {
    const operands = node.operands.map((operand) => made.get(operand)!);
    made.set(node, rule(builder, node, operands) ?? remake(builder, node, operands));
  }
  const outputs = graph.outputs.map(({ name, node }) => ({ name, node: made.get(node)! }));
  return builder.build(graph.name, outputs);
}

/** The operation of a node on other operands. */
export function remake(b: GraphBuilder, node: Node, operands: readonly Node[]): Node {
  const { operation, shape } = node;
  const [first, second, third] = operands as [Node, Node, Node];
  switch (operation.op) {
    case 'input':
      return b.input(operation.name, shape);
    case 'constant':
      return b.constant(operation.value);
    case 'unary':
      return b.unary(operation.fn, first);
    case 'binary':
      return b.binary(operation.fn, first, second);
    case 'matmul':
      return b.matmul(first, second, operation.transposeA, operation.transposeB);
    case 'transpose':
      return b.transpose(first);
    case 'sum':
      return b.sum(first, operation.axis);
    case 'max':
      return b.max(first, operation.axis);
    case 'cumsum':
      return b.cumsum(first, operation.reverse);
    case 'softmax':
      return b.softmax(first);
    case 'logsumexp':
      return b.logsumexp(first);
    case 'concat':
      return b.concat(operands);
    case 'slice':
      return b.slice(first, operation.start, shape[0]);
    case 'select':
      return b.select(first, second, third);
    case 'broadcast':
      return b.broadcast(first, shape);
  }
}

/** Whether two nodes do the same with their operands. */
export const areAlike = (x: Node, y: Node): boolean =>
  sameOperation(x.operation, y.operation) &&
  x.operands.length === y.operands.length &&
  x.shape[0] === y.shape[0] &&
  x.shape[1] === y.shape[1];

function sameOperation(a: Operation, b: Operation): boolean {
  const [left, right] = [a, b] as unknown as Record<string, unknown>[];
  for (const key in left) if (!Object.is(left[key], right![key])) return false;
  return true;
}
