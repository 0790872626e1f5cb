import { isConstant } from '../../../program/builder.js';
import type { BinaryFunction, Node, UnaryFunction } from '../../../program/ir.js';
import { readAs } from './places.js';

/**
 * What an elementwise expression is in the padding, where all stored arrays are 0: 0; 0 unless a number
 * is infinite (then what is not padding is not finite either); or anything.
 */
export type Padding = 'zero' | 'finite zero' | 'any';

/** And what is finite unless a number is not. */
type Found = Padding | 'finite';

const RANK: Readonly<Record<Found, number>> = { zero: 0, 'finite zero': 1, finite: 2, any: 3 };
const worst = (a: Found, b: Found): Found => (RANK[a] < RANK[b] ? b : a);

/**
 * What expressions are in the padding. `isPadded`: nodes that are 0 there, being stored;
 * `isSpread`: nodes that are one value for all lanes. What expressions share is looked at once.
 */
export function paddingsOf(
  isPadded: (node: Node) => boolean,
  isSpread: (node: Node) => boolean,
): (node: Node) => Padding {
  const known = new Map<Node, Found>();
  const visit = (each: Node): Found => {
    const had = known.get(each);
    if (had) return had;
    const found = isConstant(each, 0)
      ? 'zero'
      : isSpread(each)
        ? 'finite'
        : isPadded(each)
          ? 'zero'
          : combined(each, visit);
    known.set(each, found);
    return found;
  };
  return (node) => {
    const found = visit(node);
    return found === 'finite' ? 'any' : found;
  };
}

function combined(node: Node, visit: (node: Node) => Found): Found {
  const { operation } = node;
  const operands = node.operands.map(readAs);
  const [a, b, c] = operands.map(visit) as [Found, Found, Found];
  switch (operation.op) {
    case 'unary':
      return ofFunction(operation.fn, a);
    case 'binary':
      return ofPair(operation.fn, [a, b], operands[1]!);
    case 'select':
      if (a === 'zero') return c;
      return a === 'finite' ? worst(b, c) : 'any';
    case 'broadcast':
    case 'transpose':
      return a;
    default:
      return 'any';
  }
}

/** A NaN of 0 · ∞ must not show where the true values were tamed. */
const tamed = (padding: Found): Found => (padding === 'finite zero' ? 'finite' : padding);

function ofFunction(fn: UnaryFunction, a: Found): Found {
  switch (fn) {
    case 'negate':
    case 'abs':
      return a;
    case 'sqrt':
      return a === 'finite' ? 'any' : a;
    case 'relu':
    case 'sign':
    case 'step':
    case 'tanh':
      return tamed(a);
    case 'exp':
    case 'sigmoid':
    case 'softplus':
      return worst(a, 'finite');
    default:
      return 'any';
  }
}

function ofPair(fn: BinaryFunction, [a, b]: readonly [Found, Found], second: Node): Found {
  const both = worst(a, b);
  switch (fn) {
    case 'add':
    case 'subtract':
      return both;
    case 'multiply':
      if (both !== 'finite') return both;
      return a === 'finite' && b === 'finite' ? 'finite' : 'finite zero';
    case 'minimum':
    case 'maximum':
      return tamed(both);
    case 'divide':
      return isNonZeroConstant(second) ? a : 'any';
    case 'power':
      return a !== 'finite' && isPositiveConstant(second) ? a : 'any';
  }
}

function isNonZeroConstant({ operation }: Node): boolean {
  return operation.op === 'constant' && operation.value !== 0 && !Number.isNaN(operation.value);
}

function isPositiveConstant({ operation }: Node): boolean {
  return operation.op === 'constant' && operation.value > 0;
}
