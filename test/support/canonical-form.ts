import type { Graph, Node } from '../../src/program/ir.js';

/** What in a graph is not canonical, in words; empty for canonical graphs. */
export function departures(graph: Graph): string[] {
  const uses = new Map<Node, Node[]>();
  for (const node of graph.nodes) {
    for (const operand of node.operands) uses.set(operand, [...(uses.get(operand) ?? []), node]);
  }
  return graph.nodes.flatMap((node) => {
    const what = departure(node, uses.get(node) ?? []);
    return what ? [`${what}: ${node.operation.op} of ${node.operands.map(described)}`] : [];
  });
}

const described = ({ operation, shape }: Node): string => `${operation.op} [${shape}]`;

const isMatrix = ({ shape }: Node): boolean => shape[0] > 1 && shape[1] > 1;

const isTransposed = ({ operation }: Node): boolean => operation.op === 'transpose';

const ELEMENTWISE = ['unary', 'binary', 'select', 'broadcast', 'concat', 'slice'];

/** What stretches whatever it is given. */
const STRETCHING = ['unary', 'binary', 'select', 'sum', 'max', 'transpose', 'broadcast'];

function departure(node: Node, users: readonly Node[]): string | undefined {
  const { operation, operands, shape } = node;
  switch (operation.op) {
    case 'softmax':
    case 'logsumexp':
      return 'not written out';
    case 'matmul': {
      const inner = operands[0]!.shape[operation.transposeA ? 0 : 1];
      if (Math.min(inner, ...shape) === 1) return 'a product with a vector';
      return operands.some(isTransposed) ? 'a product of a transposed matrix' : undefined;
    }
    case 'broadcast': {
      const user = users.find((each) => STRETCHING.includes(each.operation.op));
      return user && `stretched for what stretches (${described(user)})`;
    }
    case 'unary':
    case 'binary':
    case 'select':
      if (shape[0] > 1 && shape[1] === 1) return 'computed as a column';
      return operands.some(isMatrix) && operands.filter(isMatrix).every(isTransposed)
        ? 'computed on transposed matrices'
        : undefined;
    case 'slice':
      return ELEMENTWISE.includes(operands[0]!.operation.op)
        ? 'rows of what is computed row by row'
        : undefined;
    default:
      return undefined;
  }
}

/** How often each operation that is more than a loop occurs. */
export function countMoves(graphs: readonly Graph[]): Record<string, number> {
  const counts = { matmul: 0, concat: 0, slice: 0, cumsum: 0, 'transpose of a matrix': 0 };
  for (const node of graphs.flatMap(({ nodes }) => nodes)) {
    const { op } = node.operation;
    if (op === 'transpose' && isMatrix(node)) counts['transpose of a matrix'] += 1;
    else if (op in counts) counts[op as keyof typeof counts] += 1;
  }
  return counts;
}
