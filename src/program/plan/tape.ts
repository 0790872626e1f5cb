import type { Node } from '../ir.js';
import { isMatrix } from './vectors.js';

/**
 * Whether a step leaves a value for its adjoint, instead of the adjoint computing it again from what it
 * has: products, sums and transcendental functions are dear, elementwise arithmetic is cheap; a matrix
 * that arises synapse by synapse is cheap to compute beside larger than all vectors together to keep.
 * A maximum is compared with what it is taken of, and must be computed of the same bits.
 */
export function isKeptOnTape(node: Node): boolean {
  const { operation } = node;
  switch (operation.op) {
    case 'matmul':
      return !isOuter(node);
    case 'sum':
    case 'softmax':
    case 'logsumexp':
    case 'cumsum':
      return true;
    case 'unary':
      return !isMatrix(node) && TRANSCENDENTAL.includes(operation.fn);
    case 'binary':
      return !isMatrix(node) && operation.fn === 'power';
    default:
      return false;
  }
}

const TRANSCENDENTAL: readonly string[] = ['exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'softplus'];

function isOuter({ operation, operands }: Node): boolean {
  if (operation.op !== 'matmul') return false;
  return operands[0]!.shape[operation.transposeA ? 0 : 1] === 1;
}
