import type { Node } from '../../../program/ir.js';
import { isVectorTranspose, type KernelPlan, reference } from '../../../program/plan/kernels.js';
import type { MemoryMap, Place } from './memory.js';

/**
 * What an operand is read as: never a stretched array, and a transpose only where rows and columns are
 * exchanged by it.
 */
export function readAs(operand: Node): Node {
  let node = operand;
  while (node.operation.op === 'broadcast') node = node.operands[0]!;
  if (!isVectorTranspose(node)) return node;
  const { node: held, shape } = reference(node);
  return shape[0] === held.shape[0] && shape[1] === held.shape[1] ? held : node;
}

/** What holds the values of a node: a transpose of a vector moves nothing. */
export function rootOf(node: Node): Node {
  return isVectorTranspose(node) ? reference(node).node : node;
}

/** Where the nodes of a kernel plan are in memory. */
export class Places {
  private readonly known = new Map<Node, Place>();

  constructor(plan: KernelPlan, memory: MemoryMap) {
    for (const [node, home] of plan.homes) {
      this.known.set(
        node,
        home.kind === 'input'
          ? memory.input(home.name)
          : home.kind === 'output'
            ? memory.output(home.name)
            : memory.scratch(node),
      );
    }
  }

  has(node: Node): boolean {
    return this.known.has(rootOf(node));
  }

  /** Of a node that has memory. */
  of(node: Node): Place {
    const place = this.known.get(rootOf(node));
    if (!place) {
      const { operation, shape, id } = node;
      throw new RangeError(`node ${id} (${operation.op} [${shape}]) is not in memory`);
    }
    return place;
  }
}

export function samePlace(a: Place, b: Place): boolean {
  return a.base === b.base && a.offset === b.offset;
}
