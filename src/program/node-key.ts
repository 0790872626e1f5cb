import {
  BINARY,
  type BinaryFunction,
  type Node,
  type Operation,
  type Shape,
  UNARY,
  type UnaryFunction,
} from './ir.js';

/** Up to so many nodes of a graph are told apart. */
export const MOST_NODES = 2 ** 22;

const UNARY_CODES = codes(UNARY, 0);
const BINARY_CODES = codes(BINARY, UNARY.length);
/** Of the other operations on one or two operands. */
const FIRST_CODE = UNARY.length + BINARY.length;

/**
 * Equal operations on equal operands have equal keys. Written out, and a number for the most frequent ones:
 * nothing is asked for as often while graphs are made and rewritten.
 */
export function keyOf(
  operation: Operation,
  operands: readonly Node[],
  shape: Shape,
): number | string {
  switch (operation.op) {
    case 'input':
      return `input ${operation.name} ${shape}`;
    case 'constant':
      // Zeros of either sign are not the same number to divide by.
      return Object.is(operation.value, -0) ? 'constant -0' : `constant ${operation.value}`;
    case 'unary':
      return keyOfOne(UNARY_CODES[operation.fn], operands);
    case 'binary':
      return keyOfTwo(BINARY_CODES[operation.fn], operands);
    case 'matmul': {
      const flags = (operation.transposeA ? 1 : 0) + (operation.transposeB ? 2 : 0);
      return keyOfTwo(FIRST_CODE + flags, operands);
    }
    case 'transpose':
      return keyOfOne(FIRST_CODE + 4, operands);
    case 'sum':
      return keyOfOne(FIRST_CODE + (operation.axis === 'rows' ? 5 : 6), operands);
    case 'max':
      return keyOfOne(FIRST_CODE + (operation.axis === 'rows' ? 7 : 8), operands);
    case 'cumsum':
      return keyOfOne(FIRST_CODE + (operation.reverse ? 9 : 10), operands);
    case 'softmax':
      return keyOfOne(FIRST_CODE + 11, operands);
    case 'logsumexp':
      return keyOfOne(FIRST_CODE + 12, operands);
    case 'select':
    case 'concat':
      return keyOfAll(operation.op, operands);
    case 'slice':
      return keyOfAll(`slice ${operation.start} ${shape}`, operands);
    case 'broadcast':
      return keyOfAll(`broadcast ${shape}`, operands);
  }
}

const keyOfOne = (code: number, operands: readonly Node[]): number =>
  code * MOST_NODES * MOST_NODES + operands[0]!.id;

const keyOfTwo = (code: number, operands: readonly Node[]): number =>
  (code * MOST_NODES + operands[0]!.id) * MOST_NODES + operands[1]!.id;

function keyOfAll(name: string, operands: readonly Node[]): string {
  let key = name;
  for (const { id } of operands) key += ` ${id}`;
  return key;
}

/** A number for each function, from a first one on. */
function codes<F extends UnaryFunction | BinaryFunction>(
  functions: readonly F[],
  first: number,
): Readonly<Record<F, number>> {
  return Object.fromEntries(functions.map((fn, k) => [fn, first + k])) as Record<F, number>;
}
