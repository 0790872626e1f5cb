import { isConstant } from '../builder.js';
import type { Graph, Node } from '../ir.js';
import { isMatrix } from './vectors.js';

/**
 * Whether the last bit of a matrix may decide about a derivative, or about whether there is one: a weight
 * of exactly 0 under `abs` has derivative 0, one of 1e-17 has 1, and one of −1e-17 has no logarithm. Such a
 * matrix must be kept: rebuilt ones have errors of rounding.
 */
export function needsEveryBit({ nodes }: Graph, state: string): boolean {
  const from = new Set<Node>();
  for (const node of nodes) {
    const { operation, operands } = node;
    if (operation.op === 'input' ? operation.name !== state : !operands.some((x) => from.has(x))) {
      continue;
    }
    if (decides(node, (operand) => from.has(operand))) return true;
    // What sums and products make of it is not computed again on the way back.
    if (isMatrix(node) && SYNAPSE_BY_SYNAPSE.includes(operation.op)) from.add(node);
  }
  return false;
}

const SYNAPSE_BY_SYNAPSE: readonly string[] = [
  ...['input', 'unary', 'binary', 'select', 'transpose', 'broadcast', 'concat', 'slice'],
];

const JUMPS: readonly string[] = [
  ...['abs', 'sign', 'relu', 'step', 'log', 'sqrt', 'reciprocal', 'minimum', 'maximum'],
];

function decides({ operation, operands }: Node, isFrom: (operand: Node) => boolean): boolean {
  switch (operation.op) {
    case 'max':
      return true;
    case 'select':
      return isFrom(operands[0]!);
    case 'unary':
      return JUMPS.includes(operation.fn);
    case 'binary':
      if (operation.fn === 'divide') return isFrom(operands[1]!);
      if (operation.fn === 'power') return isFrom(operands[1]!) || !isSquare(operands[1]!);
      return JUMPS.includes(operation.fn);
    default:
      return false;
  }
}

const isSquare = (exponent: Node): boolean =>
  [1, 2, 3, 4].some((value) => isConstant(exponent, value));
