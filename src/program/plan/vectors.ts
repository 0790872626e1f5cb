import { type GraphBuilder, isConstant, isNumber } from '../builder.js';
import type { Node } from '../ir.js';

/** Both sides longer than 1: what is worth planning for. */
export const isMatrix = ({ shape }: Node): boolean => shape[0] > 1 && shape[1] > 1;

/** The number that a node consists of, stretched or not. */
export function asNumber(node: Node): Node | undefined {
  if (isNumber(node)) return node;
  return node.operation.op === 'broadcast' ? asNumber(node.operands[0]!) : undefined;
}

/** A value as a number `[1, 1]` times the rest. */
export interface Factored {
  readonly factor: Node;
  readonly rest: Node;
}

/**
 * Takes numbers out of a vector, so that vectors that differ by a factor are seen to be the same:
 * −2 (a x) is −2a times x. What is one number all over is that number times ones.
 */
export function withoutFactor(b: GraphBuilder, node: Node): Factored {
  const { operation, operands, shape } = node;
  const whole = { factor: b.constant(1), rest: node };
  const number = asNumber(node);
  if (number) return isNumber(node) ? whole : { factor: number, rest: b.constant(1, shape) };
  const [x, y] = operands as [Node, Node];
  switch (operation.op) {
    case 'transpose': {
      const { factor, rest } = withoutFactor(b, x);
      return { factor, rest: b.transpose(rest) };
    }
    case 'unary': {
      if (operation.fn !== 'negate') return whole;
      const { factor, rest } = withoutFactor(b, x);
      return { factor: b.unary('negate', factor), rest };
    }
    case 'binary':
      if (operation.fn === 'multiply') return ofProduct(b, x, y) ?? whole;
      return operation.fn === 'divide' ? (ofQuotient(b, x, y) ?? whole) : whole;
    default:
      return whole;
  }
}

function ofProduct(b: GraphBuilder, x: Node, y: Node): Factored | undefined {
  const [p, q] = [asNumber(x), asNumber(y)];
  if (p || q) {
    const { factor, rest } = withoutFactor(b, p ? y : x);
    return { factor: b.multiply((p ?? q)!, factor), rest };
  }
  const [left, right] = [withoutFactor(b, x), withoutFactor(b, y)];
  if (left.rest === x && right.rest === y) return undefined;
  return {
    factor: b.multiply(left.factor, right.factor),
    rest: b.multiply(left.rest, right.rest),
  };
}

function ofQuotient(b: GraphBuilder, x: Node, y: Node): Factored | undefined {
  const { factor, rest } = withoutFactor(b, x);
  const divisor = asNumber(y);
  if (divisor) return { factor: b.binary('divide', factor, divisor), rest };
  return rest === x ? undefined : { factor, rest: b.binary('divide', rest, y) };
}

/** The addends of a vector, numbers taken out of each. */
export function addendsOf(b: GraphBuilder, node: Node): Factored[] {
  const { factor, rest } = withoutFactor(b, node);
  const { operation, operands, shape } = rest;
  const isSum =
    operation.op === 'binary' && (operation.fn === 'add' || operation.fn === 'subtract');
  if (!isSum) return [{ factor, rest }];
  return operands.flatMap((operand, k) =>
    addendsOf(b, b.broadcast(operand, shape)).map((part) => ({
      factor: b.multiply(
        factor,
        k === 1 && operation.fn === 'subtract' ? b.unary('negate', part.factor) : part.factor,
      ),
      rest: part.rest,
    })),
  );
}

/** Whether a value is 0 whatever the inputs. */
export const isZero = (node: Node): boolean => isConstant(node, 0);
