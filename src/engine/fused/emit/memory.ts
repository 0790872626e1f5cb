import type { Node, Shape } from '../../../program/ir.js';
import { type Lanes, paddedLength } from '../lanes.js';

/** Where an array is: in bytes, a multiple of 16. */
export interface Place {
  /** 'memory': `offset` is the address. Otherwise it counts from the function's parameter of that name. */
  readonly base: 'memory' | 'step' | 'tape';
  readonly offset: number;
}

/** Where whoever runs a graph keeps its arrays. */
export interface MemoryMap {
  input(name: string): Place;
  output(name: string): Place;
  /** Of a node whose home in the kernel plan is 'scratch'. */
  scratch(node: Node): Place;
}

/** Numbers `[1, 1]`; `[1, n]` and `[m, 1]`, which lie in memory alike; all else. */
export type Layout = 'number' | 'vector' | 'matrix';

export function layoutOf([rows, columns]: Shape): Layout {
  if (rows === 1 && columns === 1) return 'number';
  return rows === 1 || columns === 1 ? 'vector' : 'matrix';
}

/** Bytes from one row of a matrix to the next. */
export function rowBytes([, columns]: Shape, lanes: Lanes): number {
  return paddedLength(columns) * lanes.bytes;
}

/** Bytes that an array takes, its padding included; a multiple of 16. */
export function arrayBytes(shape: Shape, lanes: Lanes): number {
  const [rows, columns] = shape;
  switch (layoutOf(shape)) {
    case 'number':
      return 16;
    case 'vector':
      return paddedLength(rows * columns) * lanes.bytes;
    case 'matrix':
      return rows * rowBytes(shape, lanes);
  }
}
