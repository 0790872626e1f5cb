import { isConstant } from '../../../program/builder.js';
import type { Node } from '../../../program/ir.js';
import { readAs } from './places.js';

/**
 * What an elementwise expression is in the padding, where all stored arrays are 0: 0; 0 unless a number
 * is infinite (then what is not padding is not finite either); or anything.
 */
type Padding = 'zero' | 'finite zero' | 'any';

const ORDER: readonly Padding[] = ['zero', 'finite zero', 'any'];
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
        ? 'any'
        : isPadded(each)
          ? 'zero'
          : combined(each, visit);
    known.set(each, found);
    return found;
  };
  return visit(node) !== 'any';
}

function combined(node: Node, visit: (node: Node) => Padding): Padding {
  const { operation } = node;
  const operands = node.operands.map(readAs);
  const [a, b, c] = operands.map(visit) as [Padding, Padding, Padding];
  const onlyZero = (padding: Padding): Padding => (padding === 'zero' ? 'zero' : 'any');
  switch (operation.op) {
    case 'unary':
      if (['negate', 'abs', 'sqrt'].includes(operation.fn)) return a;
      // A NaN of 0 · ∞ must not show where the true values were tamed.
      return ['relu', 'sign', 'step', 'tanh'].includes(operation.fn) ? onlyZero(a) : 'any';
    case 'binary':
      switch (operation.fn) {
        case 'add':
        case 'subtract':
          return worst(a, b);
        case 'multiply':
          if (a === 'zero' && b === 'zero') return 'zero';
          return a === 'any' && b === 'any' ? 'any' : 'finite zero';
        case 'minimum':
        case 'maximum':
          return onlyZero(worst(a, b));
        case 'divide':
          return isNonZeroConstant(operands[1]!) ? a : 'any';
        case 'power':
          return isPositiveConstant(operands[1]!) ? a : 'any';
      }
      return 'any';
    case 'select':
      if (a === 'zero') return c;
      return a === 'any' ? worst(b, c) : 'any';
    case 'broadcast':
    case 'transpose':
      return a;
    default:
      return 'any';
  }
}

function isNonZeroConstant({ operation }: Node): boolean {
  return operation.op === 'constant' && operation.value !== 0 && !Number.isNaN(operation.value);
}

function isPositiveConstant({ operation }: Node): boolean {
  return operation.op === 'constant' && operation.value > 0;
}
