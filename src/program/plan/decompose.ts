import type { Graph } from '../ir.js';
import { rewriteGraph } from './rewrite.js';

/** Writes `softmax` and `logsumexp` as maximum, exponentials and sum, in the same order of operations. */
export function decompose(graph: Graph): Graph {
  return rewriteGraph(graph, (b, { operation }, operands) => {
    if (operation.op !== 'softmax' && operation.op !== 'logsumexp') return undefined;
    const [values] = operands as [(typeof operands)[number]];
    const most = b.max(values, 'columns');
    const powers = b.unary('exp', b.subtract(values, most));
    const sum = b.sum(powers, 'columns');
    return operation.op === 'softmax'
      ? b.binary('divide', powers, sum)
      : b.add(most, b.unary('log', sum));
  });
}
