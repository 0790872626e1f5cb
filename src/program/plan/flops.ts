import type { BinaryFunction, Node } from '../ir.js';
import { computedIn, type KernelPlan } from './kernels.js';

const COUNTED: readonly BinaryFunction[] = ['add', 'subtract', 'multiply'];

/**
 * Additions and multiplications of two numbers that carrying out a plan's kernels once takes, subtractions
 * being additions. What a core's peak is measured in: divisions, comparisons, selections and functions such
 * as exp are left out, and so is what is computed with padding.
 */
export function flopsOf({ kernels }: KernelPlan): number {
  return kernels.flatMap(computedIn).reduce((sum, node) => sum + flopsOfNode(node), 0);
}

function flopsOfNode(node: Node): number {
  const { operation, operands } = node;
  switch (operation.op) {
    case 'binary':
      return COUNTED.includes(operation.fn) ? sizeOf(node) : 0;
    case 'sum':
      return sizeOf(operands[0]!);
    case 'cumsum':
      return sizeOf(node);
    case 'matmul':
      return 2 * sizeOf(node) * operands[0]!.shape[operation.transposeA ? 0 : 1];
    default:
      return 0;
  }
}

const sizeOf = ({ shape }: Node): number => shape[0] * shape[1];
