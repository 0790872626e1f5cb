import type { GraphBuilder } from '../builder.js';
import type { Node } from '../ir.js';

/**
 * Writes products with a vector as a multiplication and a sum, outer products as a multiplication of a
 * column with a row. Products of two matrices stay.
 */
export function expandedProduct(
  b: GraphBuilder,
  { operation }: Node,
  operands: readonly Node[],
): Node | undefined {
  if (operation.op !== 'matmul') return undefined;
  const [A, B] = operands as [Node, Node];
  return expanded(b, A, B, operation.transposeA, operation.transposeB);
}

/** The product of A′ `[m, k]` and B′ `[k, n]`; undefined where all of m, k and n are more than 1. */
function expanded(
  b: GraphBuilder,
  A: Node,
  B: Node,
  transposeA: boolean,
  transposeB: boolean,
): Node | undefined {
  const [m, k] = transposeA ? [A.shape[1], A.shape[0]] : A.shape;
  const n = B.shape[transposeB ? 0 : 1];
  const row = (x: Node): Node => (x.shape[0] === 1 ? x : b.transpose(x));
  const column = (x: Node): Node => (x.shape[1] === 1 ? x : b.transpose(x));
  if (k === 1) return b.multiply(column(A), row(B));
  if (m === 1 && n === 1) return b.sum(b.multiply(row(A), row(B)), 'columns');
  if (m === 1) {
    return transposeB
      ? b.transpose(b.sum(b.multiply(B, row(A)), 'columns'))
      : b.sum(b.multiply(column(A), B), 'rows');
  }
  if (n === 1) {
    return transposeA
      ? b.transpose(b.sum(b.multiply(A, column(B)), 'rows'))
      : b.sum(b.multiply(A, row(B)), 'columns');
  }
  return undefined;
}
