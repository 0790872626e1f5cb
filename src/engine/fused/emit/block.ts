import type { Node, Shape } from '../../../program/ir.js';
import type { Local } from '../wasm/code.js';
import type { Splats } from './splats.js';

/** A few rows of matrices, as many as a vector has lanes or fewer at the end. */
export interface Block {
  readonly shape: Shape;
  readonly rows: number;
  /** Bytes from the beginning of vectors of m numbers to the block's part of them. */
  readonly at: Local;
  /** Bytes from the beginning of matrices to the block's first row. */
  readonly start: Local;
  /** Parts of vectors of m numbers that are in registers: one row a lane, 0 where there is no row. */
  readonly values: Map<Node, Local>;
  readonly splats: Splats;
}
