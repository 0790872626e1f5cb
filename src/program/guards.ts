import { isNumber } from './builder.js';
import type { Node } from './ir.js';

/** A branch of a selection: what it leads to counts only where the condition is (or is not) 0. */
export interface Guard {
  readonly condition: Node;
  /** The branch taken where the condition is not 0. */
  readonly whenTrue: boolean;
}

/**
 * Which nodes matter only through a branch of a selection. Where the branch is not taken they may be
 * infinite or undefined, and nothing may come back from them: 0 times their derivative would be NaN.
 */
export class Guards {
  private readonly ofNode = new Map<Node, ReadonlyMap<string, Guard>>();
  /** Guards of branches in which finite numbers can give others. */
  private readonly needed = new Set<string>();

  /**
   * `nodes` are those that carry a derivative, uses before definitions; what is `outside` has a value
   * whatever is selected: results and inputs.
   */
  constructor(nodes: readonly Node[], outside: ReadonlySet<Node>) {
    if (!nodes.some(({ operation }) => operation.op === 'select')) return;
    for (const node of outside) this.ofNode.set(node, new Map());
    for (const node of nodes) {
      const own = this.of(node);
      if (canOverflow(node)) for (const key of own.keys()) this.needed.add(key);
      node.operands.forEach((operand, index) => {
        if (outside.has(operand)) return;
        const edge = this.alongEdge(node, index);
        const had = this.ofNode.get(operand);
        this.ofNode.set(operand, had ? common(had, edge) : edge);
      });
    }
  }

  /** The guards a derivative leaves behind on its way from a node to one of its operands. */
  left(node: Node, index: number): Guard[] {
    if (this.needed.size === 0) return [];
    const kept = this.of(node.operands[index]!);
    return [...this.alongEdge(node, index)]
      .filter(
        ([key, { condition }]) => this.needed.has(key) && !kept.has(key) && isNumber(condition),
      )
      .map(([, guard]) => guard);
  }

  /** Whether a node stands in a branch that is taken for some elements and not for others. */
  isElementwise(node: Node): boolean {
    if (this.needed.size === 0) return false;
    return [...this.of(node)].some(
      ([key, { condition }]) => this.needed.has(key) && !isNumber(condition),
    );
  }

  private of(node: Node): ReadonlyMap<string, Guard> {
    return this.ofNode.get(node) ?? new Map();
  }

  private alongEdge(node: Node, index: number): ReadonlyMap<string, Guard> {
    const own = this.of(node);
    if (node.operation.op !== 'select' || index === 0) return own;
    const guard: Guard = { condition: node.operands[0]!, whenTrue: index === 1 };
    return new Map([...own, [`${guard.condition.id} ${guard.whenTrue}`, guard]]);
  }
}

function common(
  a: ReadonlyMap<string, Guard>,
  b: ReadonlyMap<string, Guard>,
): ReadonlyMap<string, Guard> {
  return new Map([...a].filter(([key]) => b.has(key)));
}

const OVERFLOWING: readonly string[] = ['reciprocal', 'exp', 'log', 'sqrt', 'divide', 'power'];

/** Whether an operation can give what is not finite, or have such a derivative, where its operands are finite. */
export function canOverflow({ operation }: Node): boolean {
  return (
    (operation.op === 'unary' || operation.op === 'binary') && OVERFLOWING.includes(operation.fn)
  );
}
