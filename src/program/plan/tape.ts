import type { Node } from '../ir.js';
import { isMatrix } from './vectors.js';

/**
 * Whether a step leaves a value for its adjoint, instead of the adjoint computing it again from what it
 * has: products, sums and transcendental functions are dear, elementwise arithmetic is cheap; a matrix
 * that arises synapse by synapse is cheap to compute, and larger than all vectors together to keep.
 * A maximum is compared with what it is taken of, and must be computed of the same bits.
 */
export function isKeptOnTape(node: Node): boolean {
  const { operation } = node;
  switch (operation.op) {
    case 'matmul':
      // A product of a few long vectors is larger than these.
      return !isMatrix(node) || area(node) <= node.operands.reduce((sum, x) => sum + area(x), 0);
    case 'sum':
    case 'logsumexp':
      return true;
    case 'softmax':
    case 'cumsum':
      return !isMatrix(node);
    case 'unary':
      return !isMatrix(node) && TRANSCENDENTAL.includes(operation.fn);
    case 'binary':
      return !isMatrix(node) && operation.fn === 'power';
    default:
      return false;
  }
}

const TRANSCENDENTAL: readonly string[] = ['exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'softplus'];

const area = ({ shape }: Node): number => shape[0] * shape[1];
