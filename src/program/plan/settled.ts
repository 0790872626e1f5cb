import type { Graph, Node } from '../ir.js';
import { decisiveSums, isProduct, isSum } from './decisive.js';
import { areAlike } from './rewrite.js';

/** How nodes of a graph are used, as far as it matters to whoever takes sums and products apart. */
export class Usage {
  private readonly uses = new Map<Node, number>();
  private readonly decisive: ReadonlySet<Node>;

  constructor(graph: Graph) {
    this.decisive = decisiveSums(graph);
    const use = (node: Node): void => void this.uses.set(node, (this.uses.get(node) ?? 0) + 1);
    for (const { operands } of graph.nodes) operands.forEach(use);
    for (const { node } of graph.outputs) use(node);
  }

  isUsedOnce(node: Node): boolean {
    return this.uses.get(node) === 1;
  }

  /** Whether a sum must be computed as it is written. */
  isDecisive(node: Node): boolean {
    return this.decisive.has(node);
  }

  /** Made only if what uses it does not take it apart. */
  isPart(node: Node): boolean {
    if (!this.isUsedOnce(node)) return false;
    return isProduct(node) || (isSum(node) && !this.isDecisive(node));
  }
}

/** A graph and what has been made of its nodes; parts of others need not be among them. */
export interface Remade {
  readonly graph: Graph;
  readonly usage: Usage;
  readonly made: ReadonlyMap<Node, Node>;
}

/**
 * Nodes that came out as they were, and so did all that they hang on, used in the same way: made once
 * more, they would come out the same again.
 */
export function settledNodes({ graph, usage, made }: Remade, usageNow: Usage): Set<Node> {
  const settled = new Set<Node>();
  const isSame = (old: Node, now: Node): boolean => {
    if (usage.isUsedOnce(old) !== usageNow.isUsedOnce(now)) return false;
    if (usage.isDecisive(old) !== usageNow.isDecisive(now)) return false;
    if (!usage.isPart(old)) return made.get(old) === now && settled.has(now);
    return isAlike(old, now);
  };
  const isAlike = (old: Node, now: Node): boolean =>
    areAlike(old, now) && old.operands.every((operand, k) => isSame(operand, now.operands[k]!));
  for (const old of graph.nodes) {
    const now = made.get(old);
    if (now && isAlike(old, now)) settled.add(now);
  }
  return settled;
}
