import type { Graph, Node } from '../ir.js';

const JUMPING: readonly string[] = [
  ...['abs', 'sign', 'relu', 'step', 'log', 'sqrt', 'minimum', 'maximum'],
];

/**
 * Sums whose last bit may decide: of something that was absorbed by rounding, 1 - (1 + x) is 0 but
 * (1 - 1) - x is not. These are computed as they are written.
 */
export function decisiveSums({ nodes }: Graph): Set<Node> {
  const found = new Set<Node>();
  const decides = (node: Node): void => {
    if (isSum(node)) found.add(node);
    else if (isNegation(node) || node.operation.op === 'transpose') decides(node.operands[0]!);
  };
  for (const { operation, operands } of nodes) {
    const { op } = operation;
    if (op === 'select' || op === 'max') decides(operands[0]!);
    else if ((op === 'unary' || op === 'binary') && JUMPING.includes(operation.fn)) {
      operands.forEach(decides);
    }
  }
  return found;
}

export const isNegation = ({ operation }: Node): boolean =>
  operation.op === 'unary' && operation.fn === 'negate';

export const isSum = ({ operation }: Node): boolean =>
  operation.op === 'binary' && (operation.fn === 'add' || operation.fn === 'subtract');

export const isProduct = (node: Node): boolean =>
  isNegation(node) ||
  (node.operation.op === 'binary' &&
    (node.operation.fn === 'multiply' || node.operation.fn === 'divide'));
