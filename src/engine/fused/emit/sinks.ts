import type { Node } from '../../../program/ir.js';
import type { Local } from '../wasm/code.js';
import { type Chunk, maskPadding, overPadding, sinkPadding } from './chunks.js';
import type { Expressions } from './expression.js';
import type { Frame } from './frame.js';
import type { Padding } from './padding.js';
import { readAs, samePlace } from './places.js';
import { neutral, takingIn } from './reduce.js';

/** What is written in a loop, and what it is in the padding. */
export interface Store {
  readonly node: Node;
  readonly padding: Padding;
}

/** Writes a node's vector to its place; 0 in the padding, if that is known there. */
export function storeVector(
  frame: Frame,
  values: Expressions,
  { node, padding }: Store,
  chunk: Chunk,
  [index, extra]: readonly [index: Local, extra: number],
): void {
  frame.store(frame.places.of(node), index, extra, () => {
    pushMasked(frame, values, node, chunk, padding !== 'zero');
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
  /** Of what is summed up. */
  readonly padding: Padding;
}

export function beginPartial(frame: Frame, { node, local }: Partial): void {
  frame.constant(neutral(node.operation));
  frame.code.set(local);
}

/** Takes one more vector into a sum or a maximum. */
export function takeIn(frame: Frame, values: Expressions, partial: Partial, chunk: Chunk): void {
  if (chunk.holds === 'padding') return;
  const { code } = frame;
  const { node, local, padding } = partial;
  const operand = readAs(node.operands[0]!);
  if (takingIn(node.operation) === 'add' && (padding === 'zero' || chunk.holds === 'columns')) {
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

/**
 * Whether padding has to be looked after in a loop: where it would hide a maximum or add to a sum. What is
 * 0 there unless a number is infinite may be summed up, and is mended where it was stored.
 */
export function needsCare({ node, padding }: Store): boolean {
  return padding === 'any' || node.operation.op === 'max';
}

/** Sets the padding of an array's row to 0 that a loop has not looked after. */
export function mendPadding(
  frame: Frame,
  { node, padding }: Store,
  columns: number,
  [index, extra]: readonly [index: Local | undefined, extra: number],
): void {
  if (padding !== 'finite zero') return;
  const place = frame.places.of(node);
  overPadding(frame, columns, (chunk, at) => {
    frame.store(place, index, extra + at, () => {
      if (chunk.holds === 'padding') frame.constant(0);
      else {
        frame.load(place, index, extra + at);
        maskPadding(frame, chunk);
      }
    });
  });
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
