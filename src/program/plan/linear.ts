import type { GraphBuilder } from '../builder.js';
import type { Node } from '../ir.js';
import { isMatrix } from './vectors.js';

/** An expression as scale times a matrix, element by element, and the rest; undefined stands for 0. */
export interface LinearParts {
  readonly scale: Node | undefined;
  readonly rest: Node | undefined;
}

/**
 * Splits an elementwise expression into a multiple of a matrix and what does not depend on it; undefined
 * where it depends on the matrix in another way.
 */
export function linearParts(b: GraphBuilder, node: Node, matrix: Node): LinearParts | undefined {
  if (node === matrix) return { scale: b.constant(1), rest: undefined };
  if (!matricesIn(node).has(matrix)) return { scale: undefined, rest: node };
  const { operation, operands } = node;
  const parts = operands.map((operand) => linearParts(b, operand, matrix));
  const [x, y, z] = parts;
  switch (operation.op) {
    case 'unary':
      if (operation.fn !== 'negate' || !x) return undefined;
      return mapped(x, (part) => b.unary('negate', part));
    case 'binary': {
      if (!x || !y) return undefined;
      const { fn } = operation;
      if (fn === 'add' || fn === 'subtract') return combined(b, fn, x, y);
      if (fn === 'multiply') {
        const [own, other] = x.scale ? [x, y] : [y, x];
        return other.scale
          ? undefined
          : mapped(own, (part) => b.multiply(part, unstretched(other.rest!)));
      }
      if (fn !== 'divide' || y.scale) return undefined;
      return mapped(x, (part) => b.binary('divide', part, unstretched(y.rest!)));
    }
    case 'select': {
      if (x?.scale || !y || !z) return undefined;
      const condition = operands[0]!;
      const zero = b.constant(0);
      const chosen = (p: Node | undefined, q: Node | undefined): Node | undefined =>
        p || q ? b.select(condition, p ?? zero, q ?? zero) : undefined;
      return { scale: chosen(y.scale, z.scale), rest: chosen(y.rest, z.rest) };
    }
    default:
      return undefined;
  }
}

function mapped({ scale, rest }: LinearParts, by: (part: Node) => Node): LinearParts {
  return { scale: scale && by(scale), rest: rest && by(rest) };
}

function combined(
  b: GraphBuilder,
  fn: 'add' | 'subtract',
  x: LinearParts,
  y: LinearParts,
): LinearParts {
  const of = (p: Node | undefined, q: Node | undefined): Node | undefined => {
    if (!p) return q && (fn === 'add' ? q : b.unary('negate', q));
    return q ? b.binary(fn, p, q) : p;
  };
  return { scale: of(x.scale, y.scale), rest: of(x.rest, y.rest) };
}

const unstretched = (node: Node): Node =>
  node.operation.op === 'broadcast' ? unstretched(node.operands[0]!) : node;

/** The matrices among the inputs that a matrix is computed from synapse by synapse. */
export function matricesIn(node: Node): Set<Node> {
  const found = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (each: Node): void => {
    if (seen.has(each) || !isMatrix(each)) return;
    seen.add(each);
    if (each.operation.op === 'input') found.add(each);
    each.operands.forEach(visit);
  };
  visit(node);
  return found;
}
