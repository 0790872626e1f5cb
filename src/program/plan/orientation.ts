import type { GraphBuilder } from '../builder.js';
import type { Axis, Graph, Node } from '../ir.js';
import { remake, rewriteGraph } from './rewrite.js';

/**
 * Moves transposes outwards. Vectors are computed as rows, whichever way they came, so that equal ones are
 * one node and transposes of vectors remain only where a column meets a matrix; a transposed matrix is
 * read as it lies: Σ over its rows is Σ over columns, a product takes it by its flag.
 */
export function orient(graph: Graph): Graph {
  if (!graph.nodes.some((node) => turns(node, node.operands))) return graph;
  return rewriteGraph(graph, (b, node, operands) => {
    if (!turns(node, operands)) return undefined;
    const { operation } = node;
    const [first, second] = operands as [Node, Node];
    if (operation.op === 'matmul') return turnedProduct(b, first, second, operation);
    const turned = operands.map((operand) => b.transpose(operand));
    if (operation.op !== 'sum' && operation.op !== 'max') {
      return b.transpose(remake(b, node, turned));
    }
    const axis: Axis = operation.axis === 'rows' ? 'columns' : 'rows';
    return b.transpose(b[operation.op](turned[0]!, axis));
  });
}

/** Whether a node is to be computed on transposed operands. */
function turns({ operation, shape }: Node, operands: readonly Node[]): boolean {
  switch (operation.op) {
    case 'unary':
    case 'binary':
    case 'select':
      if (shape[1] === 1) return shape[0] > 1;
      return operands.some(isMatrix) && operands.every((x) => !isMatrix(x) || isTransposed(x));
    case 'sum':
    case 'max':
    case 'matmul':
      return operands.some(
        (operand) =>
          (operation.op !== 'matmul' && isColumn(operand)) ||
          (isMatrix(operand) && isTransposed(operand)),
      );
    default:
      return false;
  }
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
