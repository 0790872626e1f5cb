import type { Node } from '../../program/ir.js';
import { computedIn, heldBy, type KernelPlan, reference } from '../../program/plan/kernels.js';
import type { Lanes } from './lanes.js';
import { spaceFor } from './layout.js';

/** Offsets of the arrays that live within a graph only, and the bytes that they take together. */
export interface Scratch {
  readonly offsets: ReadonlyMap<Node, number>;
  readonly bytes: number;
}

/**
 * Memory for the nodes of a kernel plan that have it for themselves. Arrays that are not needed at the
 * same time share it: each is taken from the kernel that writes it until the last that reads it.
 */
export function placeScratch(plan: KernelPlan, lanes: Lanes): Scratch {
  const lives = livesOf(plan);
  const offsets = new Map<Node, number>();
  const taken: { from: number; to: number; until: number }[] = [];
  let bytes = 0;
  for (const [node, { first, last }] of [...lives].sort((a, b) => a[1].first - b[1].first)) {
    const size = spaceFor(node.shape, lanes);
    const now = taken.filter(({ until }) => until >= first).sort((a, b) => a.from - b.from);
    const from = firstGap(now, size);
    taken.splice(0, taken.length, ...now, { from, to: from + size, until: last });
    offsets.set(node, from);
    bytes = Math.max(bytes, from + size);
  }
  return { offsets, bytes };
}

function firstGap(taken: readonly { from: number; to: number }[], size: number): number {
  let at = 0;
  for (const { from, to } of taken) {
    if (from - at >= size) return at;
    at = Math.max(at, to);
  }
  return at;
}

/** By node in scratch memory: the first kernel that has to do with it, and the last. */
function livesOf({
  kernels,
  homes,
  copies,
}: KernelPlan): Map<Node, { first: number; last: number }> {
  const lives = new Map<Node, { first: number; last: number }>();
  const touch = (node: Node, at: number): void => {
    if (homes.get(node)?.kind !== 'scratch') return;
    lives.set(node, { first: lives.get(node)?.first ?? at, last: at });
  };
  kernels.forEach((kernel, at) => {
    for (const node of computedIn(kernel)) {
      touch(node, at);
      for (const operand of node.operands) {
        touch(reference(operand).node, at);
        touch(heldBy(operand), at);
      }
    }
  });
  for (const { from } of copies) touch(from, kernels.length);
  return lives;
}
