import { type Lanes, paddedLength } from '../lanes.js';
import type { Local } from '../wasm/code.js';
import { type Frame, VECTOR } from './frame.js';

/** A vector register's worth of columns. */
export interface Chunk {
  /** Lanes that are columns and not padding: all, some, or none. */
  readonly valid: number;
}

/**
 * Goes over columns in vectors: over all that are full in a loop, then over the last ones, one by one, if
 * these need to be treated differently (`apart`); else over them just as over the others.
 */
export function overColumns(
  frame: Frame,
  index: Local,
  columns: number,
  apart: boolean,
  body: (chunk: Chunk) => void,
): void {
  const { lanes, code } = frame;
  const total = (paddedLength(columns) * lanes.bytes) / VECTOR;
  const full = apart ? Math.floor(columns / lanes.count) : total;
  if (full > 0) {
    frame.loop('columns', index, [0, full * VECTOR, VECTOR], () => body({ valid: lanes.count }));
  }
  for (let chunk = full; chunk < total; chunk++) {
    code.i32(chunk * VECTOR);
    code.set(index);
    body({ valid: validIn(chunk, columns, lanes) });
  }
}

function validIn(chunk: number, columns: number, lanes: Lanes): number {
  return Math.max(0, Math.min(lanes.count, columns - chunk * lanes.count));
}

/** Sets the padding of the vector on the stack to 0. */
export function maskPadding(frame: Frame, { valid }: Chunk): void {
  if (valid === frame.lanes.count) return;
  frame.mask(valid);
  frame.code.op('v128.and');
}

/** Sets the padding of the vector on the stack to what no maximum notices. */
export function sinkPadding(frame: Frame, { valid }: Chunk): void {
  if (valid === frame.lanes.count) return;
  frame.constant(Number.NEGATIVE_INFINITY);
  frame.mask(valid);
  frame.code.op('v128.bitselect');
}
