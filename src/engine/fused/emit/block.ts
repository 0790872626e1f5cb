import type { Node, Shape } from '../../../program/ir.js';
import type { Local } from '../wasm/code.js';
import type { Frame } from './frame.js';
import type { Place } from './memory.js';
import type { Splats } from './splats.js';

/** A few rows of matrices: as many as a vector has lanes or fewer at the end; or always one. */
export interface Block {
  readonly shape: Shape;
  readonly rows: number;
  /** Whether all blocks are of one row, so that vectors of m numbers are read and written one by one. */
  readonly isSingle: boolean;
  /** Bytes from the beginning of vectors of m numbers to the block's part of them. */
  readonly at: Local;
  /** Bytes from the beginning of matrices to the block's first row. */
  readonly start: Local;
  /** Parts of vectors of m numbers that are in registers: one row a lane, 0 where there is no row. */
  readonly values: Map<Node, Local>;
  readonly splats: Splats;
}

/** Loads the block's part of a vector of m numbers: a row a lane. */
export function loadPart(frame: Frame, { at, isSingle }: Block, place: Place): void {
  const { code, lanes } = frame;
  const single = lanes.bytes === 4 ? 'v128.load32_zero' : 'v128.load64_zero';
  code.memory(isSingle ? single : 'v128.load', frame.address(place, at));
}

/** Writes the block's part of a vector of m numbers. */
export function storePart(frame: Frame, block: Block, place: Place, value: Local): void {
  const { code, lanes } = frame;
  const offset = frame.address(place, block.at);
  code.get(value);
  if (!block.isSingle) code.memory('v128.store', offset);
  else code.memoryLane(lanes.bytes === 4 ? 'v128.store32_lane' : 'v128.store64_lane', offset, 0);
}
