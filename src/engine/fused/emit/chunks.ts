import { paddedLength } from '../lanes.js';
import type { Local } from '../wasm/code.js';
import { type Frame, VECTOR } from './frame.js';

/** A vector register's worth of columns. */
export interface Chunk {
  /** Whether its lanes are columns, or padding. */
  readonly holds: 'columns' | 'both' | 'padding';
  /** If both: puts a vector on the stack with all bits set where there are columns. */
  pushMask(): void;
}

/** The first `valid` lanes of a vector; the others are padding. */
export function chunkOf(frame: Frame, valid: number): Chunk {
  const { count } = frame.lanes;
  const holds = valid === count ? 'columns' : valid > 0 ? 'both' : 'padding';
  return { holds, pushMask: () => frame.mask(valid) };
}

/**
 * How the last columns are treated: like all others; apart, in code of their own; or with a mask, as all
 * others are then, which makes for less code.
 */
export type Care = 'none' | 'apart' | 'mask';

export function careFor(columns: number, isNeeded: boolean, isLong: boolean): Care {
  if (columns % 4 === 0 || !isNeeded) return 'none';
  return isLong ? 'mask' : 'apart';
}

/** Goes over columns in vectors. */
export function overColumns(
  frame: Frame,
  index: Local,
  columns: number,
  care: Care,
  body: (chunk: Chunk) => void,
): void {
  const { lanes, code } = frame;
  const total = (paddedLength(columns) * lanes.bytes) / VECTOR;
  if (care === 'mask' && total > 1) {
    const mask = code.local('v128', 'mask');
    frame.loop('columns', index, [0, total * VECTOR, VECTOR], () => {
      setMask(frame, mask, index, columns);
      body({ holds: 'both', pushMask: () => code.get(mask) });
    });
    return;
  }
  const full = care === 'none' ? total : Math.floor(columns / lanes.count);
  if (full > 0) {
    frame.loop('columns', index, [0, full * VECTOR, VECTOR], () => {
      body(chunkOf(frame, lanes.count));
    });
  }
  if (care === 'none') return;
  overPadding(frame, columns, (chunk, at) => {
    code.i32(at);
    code.set(index);
    body(chunk);
  });
}

/** Goes over the vectors that are not full: where they begin, in bytes. */
export function overPadding(
  frame: Frame,
  columns: number,
  body: (chunk: Chunk, at: number) => void,
): void {
  const { count } = frame.lanes;
  for (let first = columns - (columns % count); first < paddedLength(columns); first += count) {
    const valid = Math.max(0, columns - first);
    body(chunkOf(frame, valid), first * frame.lanes.bytes);
  }
}

/** Which lanes at an index are columns: those that begin before the end. */
function setMask({ code, lanes }: Frame, mask: Local, index: Local, columns: number): void {
  code.get(index);
  code.op('i32x4.splat');
  if (lanes.count === 4) code.i32x4(0, 4, 8, 12);
  else code.i32x4(0, 0, 8, 8);
  code.op('i32x4.add');
  code.i32x4(columns * lanes.bytes);
  code.op('i32x4.lt_s');
  code.set(mask);
}

/** Sets the padding of the vector on the stack to 0. */
export function maskPadding(frame: Frame, chunk: Chunk): void {
  if (chunk.holds === 'columns') return;
  chunk.pushMask();
  frame.code.op('v128.and');
}

/** Sets the padding of the vector on the stack to what no maximum notices. */
export function sinkPadding(frame: Frame, chunk: Chunk): void {
  if (chunk.holds === 'columns') return;
  frame.constant(Number.NEGATIVE_INFINITY);
  chunk.pushMask();
  frame.code.op('v128.bitselect');
}
