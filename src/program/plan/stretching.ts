import type { GraphBuilder } from '../builder.js';
import type { Graph, Node, Shape } from '../ir.js';
import { remake, rewriteGraph } from './rewrite.js';

/**
 * Drops a `broadcast` where what reads it stretches anyway, and computes on the smaller value first:
 * `exp(broadcast(x))` is `broadcast(exp(x))`. What remains are results that are smaller than their slot,
 * and operands of products, sums and the like.
 */
export function withoutBroadcasts(graph: Graph): Graph {
  if (!graph.nodes.some(isIdle)) return graph;
  return rewriteGraph(graph, (b, node, operands) => {
    const { operation, shape } = node;
    if (!operands.some(isStretched)) return undefined;
    switch (operation.op) {
      case 'unary':
        return stretched(b, b.unary(operation.fn, unstretched(operands[0]!)), shape);
      case 'binary':
      case 'select':
        return stretched(b, remake(b, node, operands.map(unstretched)), shape);
      case 'transpose':
        return stretched(b, b.transpose(unstretched(operands[0]!)), shape);
      case 'broadcast':
        return stretched(b, operands[0]!, shape);
      case 'sum':
      case 'max': {
        const { axis, op } = operation;
        const inner = unstretched(operands[0]!);
        return reduced(b, inner, operands[0]!.shape, axis === 'rows' ? 0 : 1, op);
      }
      case 'slice': {
        const inner = unstretched(operands[0]!);
        return inner.shape[0] === 1 ? stretched(b, inner, shape) : undefined;
      }
      default:
        return undefined;
    }
  });
}

const STRETCHING: readonly string[] = [
  ...['unary', 'binary', 'select', 'transpose', 'broadcast', 'sum', 'max', 'slice'],
];

/** Whether what a node reads need not be stretched. */
const isIdle = ({ operation, operands }: Node): boolean =>
  STRETCHING.includes(operation.op) && operands.some(isStretched);

const isStretched = ({ operation }: Node): boolean => operation.op === 'broadcast';

const unstretched = (node: Node): Node =>
  isStretched(node) ? unstretched(node.operands[0]!) : node;

/** As `broadcast`, one at most. */
const stretched = (b: GraphBuilder, node: Node, shape: Shape): Node =>
  b.broadcast(unstretched(node), shape);

/** The sum or maximum of a stretched value over an axis. */
function reduced(b: GraphBuilder, inner: Node, from: Shape, side: 0 | 1, op: 'sum' | 'max'): Node {
  const axis = side === 0 ? 'rows' : 'columns';
  const shape: Shape = side === 0 ? [1, from[1]] : [from[0], 1];
  const repeats = inner.shape[side] === 1 ? from[side] : 1;
  const part = b[op](inner, axis);
  return stretched(b, op === 'sum' ? b.multiply(b.constant(repeats), part) : part, shape);
}
