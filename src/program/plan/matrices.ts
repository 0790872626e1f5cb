import type { Node } from '../ir.js';
import { type KernelPlan, reference, type Sweep } from './kernels.js';
import { isMatrix } from './vectors.js';

/** Matrices that a sweep reads from memory and writes to it. */
export interface MatrixTraffic {
  readonly read: ReadonlySet<Node>;
  readonly written: ReadonlySet<Node>;
}

export function matricesOf({ homes }: KernelPlan, { stages }: Sweep): MatrixTraffic {
  const read = new Set<Node>();
  const written = new Set<Node>();
  for (const { elements, stores, rowReductions, columnReductions } of stages) {
    const own = new Set(elements);
    for (const { operands } of [...elements, ...rowReductions, ...columnReductions]) {
      for (const operand of operands) {
        const { node } = reference(operand);
        // What an earlier stage wrote is still at hand.
        if (isMatrix(node) && homes.has(node) && !own.has(node) && !written.has(node))
          read.add(node);
      }
    }
    for (const node of stores) written.add(node);
  }
  return { read, written };
}
