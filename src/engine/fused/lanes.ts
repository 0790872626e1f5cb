import type { Code } from './wasm/code.js';

/**
 * How numbers lie in vector registers and in memory: four of single or two of double precision in 128
 * bits. Lone numbers (`[1, 1]`) are of double precision in either.
 */
export interface Lanes {
  readonly shape: 'f32x4' | 'f64x2';
  readonly count: 4 | 2;
  /** Bytes of one number within an array. */
  readonly bytes: 4 | 8;
  /** Multiply and add in one rounding where the machine has it: not the same low bits everywhere. */
  readonly relaxed: boolean;
  /** Lanes with all bits of a double on the stack put into a vector: demoted if need be. */
  splatNumber(code: Code): void;
}

export const SINGLE: Lanes = {
  shape: 'f32x4',
  count: 4,
  bytes: 4,
  relaxed: false,
  splatNumber(code) {
    code.op('f32.demote_f64');
    code.op('f32x4.splat');
  },
};

export const DOUBLE: Lanes = {
  shape: 'f64x2',
  count: 2,
  bytes: 8,
  relaxed: false,
  splatNumber(code) {
    code.op('f64x2.splat');
  },
};

/** Columns of a row in memory: rows begin at multiples of 4 numbers; what is beyond the last is 0. */
export const paddedLength = (columns: number): number => Math.ceil(columns / 4) * 4;
