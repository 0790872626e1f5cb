import { type GraphBuilder, isConstant } from './builder.js';
import { byOperand, byOperands } from './elementwise-derivatives.js';
import { type Guard, Guards } from './guards.js';
import type { Node } from './ir.js';

/** A node with the derivative of the final scalar by it, where that is known from outside. */
export interface Seed {
  readonly node: Node;
  readonly adjoint: Node;
}

/**
 * Reverse-mode derivative inside one builder: for the scalar whose derivative by each seed's node is
 * that seed's adjoint, the derivative by every node of `wanted` (zeros where it does not depend on it).
 *
 * Conventions of the language: `step` and `sign` and what a selection depends on have derivative 0, `abs`, `relu`, `minimum` and
 * `maximum` have derivative 0 at a kink; a `max` over an axis shares it among the maximal elements.
 * What a selection does not choose has derivative 0, whatever it is.
 */
export function differentiate(
  builder: GraphBuilder,
  seeds: readonly Seed[],
  wanted: readonly Node[],
): Node[] {
  const adjoints = new Map<Node, Node>();
  const collect = (node: Node, adjoint: Node): void => {
    if (isConstant(adjoint, 0)) return;
    const had = adjoints.get(node);
    adjoints.set(node, had ? builder.add(had, adjoint) : adjoint);
  };
  for (const { node, adjoint } of seeds) collect(node, adjoint);

  const useful = nodesBetween(
    seeds.map((seed) => seed.node),
    wanted,
  );
  // Operands always have smaller ids, so descending ids visit every use before its definition.
  useful.sort((a, b) => b.id - a.id);
  const guards = new Guards(useful, new Set([...seeds.map((seed) => seed.node), ...wanted]));
  for (const node of useful) {
    const adjoint = adjoints.get(node);
    if (!adjoint) continue;
    const shares = pullBack(builder, node, adjoint, guards.isElementwise(node));
    node.operands.forEach((operand, i) => {
      const share = shares[i];
      if (share) collect(operand, leaving(builder, share, guards.left(node, i)));
    });
  }
  return wanted.map((node) => adjoints.get(node) ?? builder.constant(0, node.shape));
}

/** Nothing comes back from a branch that was not taken. */
function leaving(b: GraphBuilder, share: Node, guards: readonly Guard[]): Node {
  const zero = b.constant(0);
  return guards.reduce(
    (kept, { condition, whenTrue }) =>
      whenTrue ? b.select(condition, kept, zero) : b.select(condition, zero, kept),
    share,
  );
}

/** Nodes that some wanted node reaches and that reach a seed: all others need no adjoint. */
function nodesBetween(tops: readonly Node[], wanted: readonly Node[]): Node[] {
  const depends = new Map<Node, boolean>();
  const targets = new Set(wanted);
  const visit = (node: Node): boolean => {
    const had = depends.get(node);
    if (had !== undefined) return had;
    // No short-circuit: every operand must be visited.
    const below = node.operands.map(visit).some((found) => found);
    const found = below || targets.has(node);
    depends.set(node, found);
    return found;
  };
  tops.forEach(visit);
  return [...depends].filter(([, found]) => found).map(([node]) => node);
}

/**
 * The adjoints of a node's operands from its own; undefined where the derivative is zero. Where
 * `guarded`, an element whose adjoint is 0 gives 0 whatever its derivative is.
 */
function pullBack(b: GraphBuilder, node: Node, g: Node, guarded: boolean): (Node | undefined)[] {
  const safe = (share: Node | undefined): Node | undefined =>
    share && guarded ? b.select(g, share, b.constant(0)) : share;
  const { operation, operands } = node;
  const [first, second] = operands as [Node, Node];
  switch (operation.op) {
    case 'input':
    case 'constant':
      return [];
    case 'unary': {
      const share = byOperand(b, operation.fn, first, node, g);
      return [safe(share)];
    }
    case 'binary':
      return byOperands(b, operation.fn, first, second, node, g).map((each, i) => {
        const share = safe(each);
        return share && b.sumTo(share, operands[i]!.shape);
      });
    case 'matmul': {
      const { transposeA: tA, transposeB: tB } = operation;
      return [
        tA ? b.matmul(second, g, tB, true) : b.matmul(g, second, false, !tB),
        tB ? b.matmul(g, first, true, tA) : b.matmul(first, g, !tA, false),
      ];
    }
    case 'transpose':
      return [b.transpose(g)];
    case 'sum':
      return [b.broadcast(g, first.shape)];
    case 'max': {
      const isMaximal = b.subtract(b.constant(1), b.unary('sign', b.subtract(node, first)));
      // Shared equally: equal elements may be one quantity repeated, whose shares must add up to g.
      const share = b.binary('divide', g, b.sum(isMaximal, operation.axis));
      return [b.multiply(isMaximal, share)];
    }
    case 'cumsum':
      return [b.cumsum(g, !operation.reverse)];
    case 'softmax':
      return [b.multiply(node, b.subtract(g, b.sum(b.multiply(g, node), 'columns')))];
    case 'logsumexp':
      return [b.multiply(g, b.softmax(first))];
    case 'concat': {
      let start = 0;
      return operands.map((part) => {
        const share = b.slice(g, start, part.shape[0]);
        start += part.shape[0];
        return share;
      });
    }
    case 'slice': {
      const [rows, columns] = first.shape;
      const after = rows - operation.start - node.shape[0];
      const zeros = (count: number): Node[] => (count > 0 ? [b.constant(0, [count, columns])] : []);
      return [b.concat([...zeros(operation.start), g, ...zeros(after)])];
    }
    case 'select': {
      const zero = b.constant(0);
      const shares = [b.select(first, g, zero), b.select(first, zero, g)];
      return [undefined, ...shares.map((share, i) => b.sumTo(share, operands[i + 1]!.shape))];
    }
    case 'broadcast':
      return [b.sumTo(g, first.shape)];
  }
}
