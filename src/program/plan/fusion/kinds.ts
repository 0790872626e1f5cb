import type { Node, Shape } from '../../ir.js';
import { isVectorTranspose } from '../kernels.js';

export type Rank = 'number' | 'vector' | 'matrix';

export function rankOf([rows, columns]: Shape): Rank {
  if (rows > 1 && columns > 1) return 'matrix';
  return rows === 1 && columns === 1 ? 'number' : 'vector';
}

export const lengthOf = ([rows, columns]: Shape): number => rows * columns;

export const sameShape = (a: Shape, b: Shape): boolean => a[0] === b[0] && a[1] === b[1];

/** What becomes of a node. */
export type Role =
  /** There from the beginning: inputs, and constants that are nowhere stored. */
  | 'given'
  /** Read as what it transposes or stretches. */
  | 'alias'
  | 'elementwise'
  /** Sum or maximum of a vector, or of the rows or columns of a matrix. */
  | 'reduction'
  | 'whole';

/** `held`: nodes that must be stored whatever they are. */
export function roleOf(node: Node, held: ReadonlySet<Node>): Role {
  switch (node.operation.op) {
    case 'input':
      return 'given';
    case 'constant':
      return held.has(node) ? 'elementwise' : 'given';
    case 'broadcast':
      return held.has(node) ? 'elementwise' : 'alias';
    case 'unary':
    case 'binary':
    case 'select':
      return 'elementwise';
    case 'sum':
    case 'max':
      return 'reduction';
    default:
      return isVectorTranspose(node) ? 'alias' : 'whole';
  }
}
