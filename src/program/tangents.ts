import { type GraphBuilder, isConstant } from './builder.js';
import { byOperand, byOperands } from './elementwise-derivatives.js';
import type { Node } from './ir.js';

/** A node with its derivative in the direction at hand, where that is known from outside. */
export interface Tangent {
  readonly node: Node;
  readonly tangent: Node;
}

/**
 * Forward-mode derivative inside one builder: how `wanted` change when the nodes of the seeds change as
 * their tangents say (0 where a node does not depend on them). Conventions are those of `differentiate`;
 * what a selection does not choose has no say.
 */
export function tangentsOf(
  builder: GraphBuilder,
  seeds: readonly Tangent[],
  wanted: readonly Node[],
): Node[] {
  // Undefined: the node does not depend on the seeds.
  const known = new Map<Node, Node | undefined>(
    seeds.map(({ node, tangent }) => [node, isConstant(tangent, 0) ? undefined : tangent]),
  );
  const visit = (node: Node): Node | undefined => {
    if (known.has(node)) return known.get(node);
    const tangents = node.operands.map(visit);
    const changes = tangents.some((tangent) => tangent !== undefined);
    const found = changes ? pushForward(builder, node, tangents) : undefined;
    known.set(node, found);
    return found;
  };
  return wanted.map((node) => visit(node) ?? builder.constant(0, node.shape));
}

/** The tangent of a node from those of its operands, undefined being 0. */
function pushForward(
  b: GraphBuilder,
  node: Node,
  tangents: readonly (Node | undefined)[],
): Node | undefined {
  const { operation, operands, shape } = node;
  const [first, second] = operands as [Node, Node];
  const [t, u] = tangents;
  const whole = (k: number): Node => tangents[k] ?? b.constant(0, operands[k]!.shape);
  switch (operation.op) {
    case 'input':
    case 'constant':
      return undefined;
    case 'unary':
      return byOperand(b, operation.fn, first, node, t!);
    case 'binary': {
      const { fn } = operation;
      const shares = [
        t && byOperands(b, fn, first, second, node, t)[0],
        u && byOperands(b, fn, first, second, node, u)[1],
      ].filter((share) => share !== undefined);
      const total = b.total(shares);
      return total && b.broadcast(total, shape);
    }
    case 'matmul': {
      const { transposeA, transposeB } = operation;
      const shares = [
        t && b.matmul(t, second, transposeA, transposeB),
        u && b.matmul(first, u, transposeA, transposeB),
      ];
      return b.total(shares.filter((share) => share !== undefined));
    }
    case 'transpose':
      return b.transpose(t!);
    case 'sum':
      return b.sum(t!, operation.axis);
    case 'max': {
      // The mean over what is largest, as the adjoint is shared among it.
      const isMaximal = b.subtract(b.constant(1), b.unary('sign', b.subtract(node, first)));
      const sum = b.sum(b.multiply(isMaximal, t!), operation.axis);
      return b.binary('divide', sum, b.sum(isMaximal, operation.axis));
    }
    case 'cumsum':
      return b.cumsum(t!, operation.reverse);
    case 'softmax':
      return b.multiply(node, b.subtract(t!, b.sum(b.multiply(t!, node), 'columns')));
    case 'logsumexp':
      return b.sum(b.multiply(t!, b.softmax(first)), 'columns');
    case 'concat':
      return b.concat(operands.map((_, k) => whole(k)));
    case 'slice':
      return b.slice(t!, operation.start, shape[0]);
    case 'select':
      return b.select(first, whole(1), whole(2));
    case 'broadcast':
      return b.broadcast(t!, shape);
  }
}
