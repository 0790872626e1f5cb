import type { GraphBuilder } from '../builder.js';
import type { Axis, Graph, Node } from '../ir.js';
import { remake, rewriteGraph } from './rewrite.js';

/**
 * Moves transposes outwards. Vectors are computed as rows, whichever way they came, so that equal ones are
 * one node and transposes of vectors remain only where a column meets a matrix; a transposed matrix is
 * read as it lies: Σ over its rows is Σ over columns, a product takes it by its flag.
 */
export function orient(graph: Graph): Graph {
  return rewriteGraph(graph, (b, node, operands) => {
    const { operation, shape } = node;
    const [first, second] = operands as [Node, Node];
    switch (operation.op) {
      case 'unary':
      case 'binary':
      case 'select': {
        const turns = isColumn(node)
          ? true
          : shape[0] > 1 &&
            operands.filter(isMatrix).every(isTransposed) &&
            operands.some(isMatrix);
        if (!turns) return undefined;
        const turned = operands.map((operand) => b.transpose(operand));
        return b.transpose(remake(b, node, turned));
      }
      case 'sum':
      case 'max': {
        const other: Axis = operation.axis === 'rows' ? 'columns' : 'rows';
        if (isColumn(first)) return b[operation.op](b.transpose(first), 'columns');
        if (!isMatrix(first) || !isTransposed(first)) return undefined;
        return b.transpose(b[operation.op](b.transpose(first), other));
      }
      case 'matmul':
        return turnedProduct(b, first, second, operation);
      default:
        return undefined;
    }
  });
}

const isColumn = ({ shape }: Node): boolean => shape[0] > 1 && shape[1] === 1;

const isMatrix = ({ shape }: Node): boolean => shape[0] > 1 && shape[1] > 1;

const isTransposed = ({ operation }: Node): boolean => operation.op === 'transpose';

function turnedProduct(
  b: GraphBuilder,
  first: Node,
  second: Node,
  flags: { readonly transposeA: boolean; readonly transposeB: boolean },
): Node | undefined {
  const turns = [first, second].map((factor) => isMatrix(factor) && isTransposed(factor));
  if (!turns.includes(true)) return undefined;
  const [A, B] = [first, second].map((factor, i) => (turns[i] ? b.transpose(factor) : factor));
  return b.matmul(A!, B!, flags.transposeA !== turns[0], flags.transposeB !== turns[1]);
}
