import type { GraphBuilder } from '../builder.js';
import type { Node } from '../ir.js';

/** Writes `softmax` and `logsumexp` as maximum, exponentials and sum, in the same order of operations. */
export function decomposed(
  b: GraphBuilder,
  { operation }: Node,
  operands: readonly Node[],
): Node | undefined {
  if (operation.op !== 'softmax' && operation.op !== 'logsumexp') return undefined;
  const [values] = operands as [Node];
  const most = b.max(values, 'columns');
  const powers = b.unary('exp', b.subtract(values, most));
  const sum = b.sum(powers, 'columns');
  return operation.op === 'softmax'
    ? b.binary('divide', powers, sum)
    : b.add(most, b.unary('log', sum));
}
