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
  const offsets = new Map<Node, number>();
  const taken: Taken[] = [];
  let bytes = 0;
  for (const [node, { first, last }] of livesOf(plan)) {
    const size = spaceFor(node.shape, lanes);
    release(taken, first);
    const from = take(taken, size, last);
    offsets.set(node, from);
    bytes = Math.max(bytes, from + size);
  }
  return { offsets, bytes };
}

/** A piece of memory in use, and the last kernel that uses it. */
interface Taken {
  readonly from: number;
  readonly to: number;
  readonly until: number;
}

/** Gives back what no kernel from this one on needs. */
function release(taken: Taken[], kernel: number): void {
  let kept = 0;
  for (const piece of taken) if (piece.until >= kernel) taken[kept++] = piece;
  taken.length = kept;
}

/** Takes the first gap that is large enough; pieces stay in order. */
function take(taken: Taken[], size: number, until: number): number {
  let at = 0;
  let k = 0;
  for (; k < taken.length && taken[k]!.from - at < size; k++) at = Math.max(at, taken[k]!.to);
  taken.splice(k, 0, { from: at, to: at + size, until });
  return at;
}

interface Life {
  readonly first: number;
  last: number;
}

/** By node in scratch memory: the first kernel that has to do with it, and the last; in the order of the first. */
function livesOf({ kernels, homes, copies }: KernelPlan): Map<Node, Life> {
  const lives = new Map<Node, Life>();
  const touch = (node: Node, at: number): void => {
    const life = lives.get(node);
    if (life) life.last = at;
    else if (homes.get(node)?.kind === 'scratch') lives.set(node, { first: at, last: at });
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
