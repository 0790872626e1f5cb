import { type GraphBuilder, isConstant } from './builder.js';
import type { BinaryFunction, Node, UnaryFunction } from './ir.js';

/**
 * The derivative of a function of one value by this value, times g; undefined where it is 0. Each element
 * depends on its own operand only, so that it serves both ways: g is the adjoint of the node, or the
 * tangent of the operand.
 */
export function byOperand(
  b: GraphBuilder,
  fn: UnaryFunction,
  a: Node,
  value: Node,
  g: Node,
): Node | undefined {
  switch (fn) {
    case 'negate':
      return b.unary('negate', g);
    case 'reciprocal':
      return b.unary('negate', b.multiply(g, b.multiply(value, value)));
    case 'abs':
      return b.multiply(g, b.unary('sign', a));
    case 'sign':
    case 'step':
      return undefined;
    case 'relu':
      return b.multiply(g, b.unary('step', a));
    case 'exp':
      return b.multiply(g, value);
    case 'log':
      return b.binary('divide', g, a);
    case 'sqrt':
      return b.binary('divide', b.multiply(b.constant(0.5), g), value);
    case 'tanh':
      return b.multiply(g, b.subtract(b.constant(1), b.multiply(value, value)));
    case 'sigmoid':
      return b.multiply(g, b.multiply(value, b.subtract(b.constant(1), value)));
    case 'softplus':
      return b.multiply(g, b.unary('sigmoid', a));
  }
}

/** The same for both operands of a function of two, in the shape of the node. */
export function byOperands(
  b: GraphBuilder,
  fn: BinaryFunction,
  x: Node,
  y: Node,
  value: Node,
  g: Node,
): [Node | undefined, Node | undefined] {
  switch (fn) {
    case 'add':
      return [g, g];
    case 'subtract':
      return [g, b.unary('negate', g)];
    case 'multiply':
      return [b.multiply(g, y), b.multiply(g, x)];
    case 'divide': {
      const share = b.binary('divide', g, y);
      return [share, b.unary('negate', b.multiply(share, value))];
    }
    case 'power':
      return powerBy(b, x, y, value, g);
    case 'minimum':
      return [
        b.multiply(g, b.unary('step', b.subtract(y, x))),
        b.multiply(g, b.unary('step', b.subtract(x, y))),
      ];
    case 'maximum':
      return [
        b.multiply(g, b.unary('step', b.subtract(x, y))),
        b.multiply(g, b.unary('step', b.subtract(y, x))),
      ];
  }
}

function powerBy(
  b: GraphBuilder,
  base: Node,
  exponent: Node,
  value: Node,
  g: Node,
): [Node | undefined, Node | undefined] {
  if (isConstant(exponent, 0)) return [undefined, undefined];
  const lowered = b.binary('power', base, b.subtract(exponent, b.constant(1)));
  const byBase = b.multiply(g, b.multiply(exponent, lowered));
  if (exponent.operation.op === 'constant') return [byBase, undefined];
  // 0^p is 0 for p > 0 and has derivative 0 by p. A negative base has powers at whole exponents only,
  // which stand alone: there is nothing to follow, so 0 as at a kink.
  const logarithm = b.select(b.unary('step', base), b.unary('log', base), b.constant(0));
  return [byBase, b.multiply(g, b.multiply(value, logarithm))];
}
