import type { Graph, Node } from '../ir.js';
import { decomposed } from './decompose.js';
import { expandedProduct } from './expand-products.js';
import { orient } from './orientation.js';
import { rewriteGraph } from './rewrite.js';
import { Simplification } from './simplify.js';
import { withoutBroadcasts } from './stretching.js';
import { unstack } from './unstack.js';

/**
 * The graph in the form that is made into loops: elementwise operations with stretched operands, sums and
 * maxima over an axis, transposes; products, transposes of matrices, `cumsum`, `concat` and `slice` only
 * where nothing simpler does the same. Same inputs, same outputs, values equal up to rounding as long as
 * nothing overflows (what is finite stays so; an infinity may come for NaN and NaN for an infinity);
 * idempotent.
 */
export function canonicalGraph(graph: Graph): Graph {
  let made = writtenOut(unstack(graph));
  // A simplification may make another possible.
  let last: Simplification | undefined;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const turned = orient(withoutBroadcasts(made));
    last = new Simplification(turned, turned === made ? last : undefined);
    if (last.isIdle) return turned;
    made = last.graph;
  }
  return made;
}

const MOST_ROUNDS = 6;

/** Without `softmax` and `logsumexp`, without products with a vector. */
function writtenOut(graph: Graph): Graph {
  const isWhole = ({ operation }: Node): boolean =>
    ['softmax', 'logsumexp', 'matmul'].includes(operation.op);
  if (!graph.nodes.some(isWhole)) return graph;
  return rewriteGraph(
    graph,
    (b, node, operands) => decomposed(b, node, operands) ?? expandedProduct(b, node, operands),
  );
}
