import type { Graph } from '../ir.js';
import { decompose } from './decompose.js';
import { expandProducts } from './expand-products.js';
import { withoutBroadcasts } from './stretching.js';
import { unstack } from './unstack.js';

/**
 * The graph in the form that is made into loops: elementwise operations with stretched operands, sums and
 * maxima over an axis, transposes; products, transposes of matrices, `cumsum`, `concat` and `slice` only
 * where nothing simpler does the same. Same inputs, same outputs, values equal up to rounding; idempotent.
 */
export function canonicalGraph(graph: Graph): Graph {
  const passes = [unstack, decompose, expandProducts, withoutBroadcasts];
  return passes.reduce((made, pass) => pass(made), graph);
}
