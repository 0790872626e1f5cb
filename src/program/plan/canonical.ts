import type { Graph } from '../ir.js';
import { printGraph } from '../print.js';
import { decompose } from './decompose.js';
import { expandProducts } from './expand-products.js';
import { orient } from './orientation.js';
import { simplify } from './simplify.js';
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
  const passes = [unstack, decompose, expandProducts];
  const written = passes.reduce((made, pass) => pass(made), graph);
  return untilStable(written, (made) => simplify(orient(withoutBroadcasts(made))));
}

/** More rounds than one where a simplification makes another possible. */
const MOST_ROUNDS = 6;

function untilStable(graph: Graph, pass: (graph: Graph) => Graph): Graph {
  let made = graph;
  let text = '';
  for (let round = 0; round < MOST_ROUNDS; round++) {
    made = pass(made);
    const now = printGraph(made);
    if (now === text) break;
    text = now;
  }
  return made;
}
