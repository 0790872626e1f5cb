import type { Whole } from '../../../program/plan/kernels.js';
import { emitConcat, emitSlice } from './copies.js';
import type { Frame } from './frame.js';
import { emitMatrixProduct } from './matrix-product.js';
import { emitRunningSum } from './running-sum.js';
import { emitTranspose } from './transpose.js';

/** An operation on whole arrays. */
export function emitWhole(frame: Frame, { node }: Whole): void {
  const { places } = frame;
  const to = places.of(node);
  switch (node.operation.op) {
    case 'matmul':
      emitMatrixProduct(frame, node, to);
      break;
    case 'transpose':
      emitTranspose(frame, node, to);
      break;
    case 'cumsum':
      emitRunningSum(frame, node, to);
      break;
    case 'concat':
      emitConcat(frame, node, to);
      break;
    case 'slice':
      emitSlice(frame, node, to);
      break;
    default:
      throw new RangeError(`${node.operation.op} is not an operation on whole arrays`);
  }
}
