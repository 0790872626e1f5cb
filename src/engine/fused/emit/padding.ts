import { isConstant } from '../../../program/builder.js';
import type { BinaryFunction, Node, UnaryFunction } from '../../../program/ir.js';
import { readAs } from './places.js';

/**
 * What an elementwise expression is in the padding, where all stored arrays are 0: 0; 0 unless a number
 * is infinite (then what is not padding is not finite either); finite but for the same; or anything.
 */
type Padding = 'zero' | 'finite zero' | 'finite' | 'any';

const ORDER: readonly Padding[] = ['zero', 'finite zero', 'finite', 'any'];
const worst = (...paddings: Padding[]): Padding =>
  ORDER[Math.max(...paddings.map((padding) => ORDER.indexOf(padding)))]!;

/**
 * Whether an expression is 0 in the padding. `isPadded`: nodes that are 0 there, being stored;
 * `isSpread`: nodes that are one value for all lanes.
 */
export function isZeroInPadding(
  node: Node,
  isPadded: (node: Node) => boolean,
  isSpread: (node: Node) => boolean,
): boolean {
  const known = new Map<Node, Padding>();
  const visit = (each: Node): Padding => {
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
  return ['zero', 'finite zero'].includes(visit(node));
}

function combined(node: Node, visit: (node: Node) => Padding): Padding {
  const { operation } = node;
  const operands = node.operands.map(readAs);
  const [a, b, c] = operands.map(visit) as [Padding, Padding, Padding];
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
const tamed = (padding: Padding): Padding => (padding === 'finite zero' ? 'finite' : padding);

function ofFunction(fn: UnaryFunction, a: Padding): Padding {
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

function ofPair(fn: BinaryFunction, [a, b]: readonly [Padding, Padding], second: Node): Padding {
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
