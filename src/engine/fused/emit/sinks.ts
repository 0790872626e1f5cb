import type { Node } from '../../../program/ir.js';
import type { Local } from '../wasm/code.js';
import { type Chunk, maskPadding, sinkPadding } from './chunks.js';
import type { Expressions } from './expression.js';
import type { Frame } from './frame.js';
import { readAs, samePlace } from './places.js';
import { neutral, takingIn } from './reduce.js';

/** Where the values of a loop go: what is stored, and what is summed up in a register. */

/** Writes a node's vector to its place; 0 in the padding. */
export function storeVector(
  frame: Frame,
  values: Expressions,
  node: Node,
  chunk: Chunk,
  isMasked: boolean,
  [index, extra]: readonly [index: Local, extra: number],
): void {
  frame.store(frame.places.of(node), index, extra, () => {
    pushMasked(frame, values, node, chunk, isMasked);
  });
}

/** Puts a node's vector on the stack; if need be, with 0 in the padding. */
export function pushMasked(
  frame: Frame,
  values: Expressions,
  node: Node,
  chunk: Chunk,
  isMasked: boolean,
): void {
  if (chunk.holds === 'padding') {
    frame.constant(0);
    return;
  }
  values.push(node);
  if (isMasked) maskPadding(frame, chunk);
}

/** A sum or a maximum in the making, lane by lane. */
export interface Partial {
  readonly node: Node;
  readonly local: Local;
  /** Whether what is summed up is other than 0 in the padding. */
  readonly isMasked: boolean;
}

export function beginPartial(frame: Frame, { node, local }: Partial): void {
  frame.constant(neutral(node.operation));
  frame.code.set(local);
}

/** Takes one more vector into a sum or a maximum. */
export function takeIn(frame: Frame, values: Expressions, partial: Partial, chunk: Chunk): void {
  if (chunk.holds === 'padding') return;
  const { code } = frame;
  const { node, local, isMasked } = partial;
  const operand = readAs(node.operands[0]!);
  if (takingIn(node.operation) === 'add' && !(isMasked && chunk.holds === 'both')) {
    values.pushSum(() => code.get(local), operand);
  } else {
    code.get(local);
    values.push(operand);
    if (takingIn(node.operation) === 'add') maskPadding(frame, chunk);
    else sinkPadding(frame, chunk);
    frame.op(takingIn(node.operation));
  }
  code.set(local);
}

/** Whether a maximum or a sum would notice the padding. */
export function needsCare({ node, isMasked }: Partial): boolean {
  return isMasked || takingIn(node.operation) === 'max';
}

/** Leaves to be read before anything is written, since something is written to where they are. */
export function overwritten(
  frame: Frame,
  leaves: readonly Node[],
  stored: readonly Node[],
): readonly Node[] {
  const { places } = frame;
  const targets = stored.map((node) => places.of(node));
  return leaves.filter(
    (leaf) => places.has(leaf) && targets.some((target) => samePlace(places.of(leaf), target)),
  );
}
