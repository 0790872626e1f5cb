import { outOfMemory } from '../../base/diagnostics/engine.js';
import { EngrammarError } from '../../base/result.js';
import { arrayBytes, layoutOf } from './emit/memory.js';
import { type Lanes, paddedLength } from './lanes.js';
import type { Placed, Region } from './layout.js';

const PAGE = 2 ** 16;
/** Numbers of a step up to which they are put in place one after the other, each for all steps. */
const FEW = 4;
/** Numbers of a line that are sooner copied together. */
const MANY = 32;

/** WebAssembly memory with arrays going in and out: conversion of precision, padding of rows. */
export class FusedMemory {
  readonly memory: WebAssembly.Memory;
  private readonly lanes: Lanes;
  private bytes!: Uint8Array;
  private numbers!: Float64Array;
  private elements!: Float32Array | Float64Array;
  private owner: object | null = null;
  private arrangement = '';

  constructor(lanes: Lanes) {
    this.lanes = lanes;
    this.memory = new WebAssembly.Memory({ initial: 1 });
    this.view();
  }

  get size(): number {
    return this.bytes.length;
  }

  /** Makes it at least this large. Throws an `EngrammarError` where there is no more (E706). */
  reserve(bytes: number): void {
    if (bytes <= this.size) return;
    try {
      this.memory.grow(Math.ceil((bytes - this.size) / PAGE));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new EngrammarError(outOfMemory({ backend: 'fused', batch: 1, bytes }));
    }
    this.view();
  }

  /**
   * To be told who computes in it and how arrays lie from `free` on: what others left there would
   * otherwise be in the padding, which has to be 0.
   */
  claim(owner: object, free: number, arrangement: string): void {
    const from = this.owner === owner ? (this.arrangement === arrangement ? this.size : free) : 0;
    // Memory is 0 until somebody has computed in it; pages that nobody has touched cost nothing.
    if (this.owner !== null && from < this.size) this.bytes.fill(0, from);
    this.owner = owner;
    this.arrangement = arrangement;
  }

  /** Puts an array to its place. */
  write(placed: Placed, values: Float64Array | readonly number[]): void {
    if (layoutOf(placed.shape) === 'number') this.numbers[placed.place.offset / 8] = values[0]!;
    else if (values instanceof Float64Array) {
      const at = placed.place.offset;
      this.bytes.fill(0, at, at + arrayBytes(placed.shape, this.lanes));
      this.writeSteps(placed, values, 0, 0);
    } else throw new TypeError('arrays are of double precision');
  }

  /** A number by its address. */
  numberAt(address: number): number {
    return this.numbers[address / 8]!;
  }

  /**
   * Puts the values of many steps, one after the other, to places that are `stride` bytes apart, the first
   * relative to `base`. The padding there is 0 and stays so.
   */
  writeSteps({ shape, place }: Placed, values: Float64Array, base: number, stride: number): void {
    const [rows, columns] = shape;
    const at = base + place.offset;
    const kind = layoutOf(shape);
    if (kind === 'number') {
      scatter(values, [0, 1], this.numbers, [at / 8, stride / 8]);
      return;
    }
    const { elements } = this;
    const { bytes } = this.lanes;
    const [lines, length] = kind === 'vector' ? [1, rows * columns] : [rows, columns];
    const padded = paddedLength(length);
    const size = lines * length;
    const [first, apart] = [at / bytes, stride / bytes];
    if (length > MANY) {
      for (let from = 0, to = first; from < values.length; from += size, to += apart) {
        for (let i = 0; i < lines; i++) {
          const start = from + i * length;
          elements.set(values.subarray(start, start + length), to + i * padded);
        }
      }
      return;
    }
    if (size < FEW) {
      for (let k = 0; k < size; k++) {
        const to = first + Math.floor(k / length) * padded + (k % length);
        scatter(values, [k, size], elements, [to, apart]);
      }
    } else {
      // One array is as many lines, one after the other.
      const on = values.length === size ? [length, padded] : [size, apart];
      scatterLines(values, [on[0]!, length], elements, [first, on[1]!, padded]);
    }
  }

  read({ shape, place }: Placed, base = 0): Float64Array {
    const at = base + place.offset;
    const [rows, columns] = shape;
    const kind = layoutOf(shape);
    if (kind === 'number') return Float64Array.of(this.numbers[at / 8]!);
    const [lines, length] = kind === 'vector' ? [1, rows * columns] : [rows, columns];
    const stride = paddedLength(length);
    const from = at / this.lanes.bytes;
    const values = new Float64Array(rows * columns);
    for (let i = 0; i < lines; i++) {
      values.set(this.elements.subarray(from + i * stride, from + i * stride + length), i * length);
    }
    return values;
  }

  /** Whether all numbers of an array are finite. */
  isFinite(placed: Placed): boolean {
    const { shape, place } = placed;
    if (layoutOf(shape) === 'number') return Number.isFinite(this.numbers[place.offset / 8]!);
    const [rows, columns] = layoutOf(shape) === 'vector' ? [1, shape[0] * shape[1]] : shape;
    const from = place.offset / this.lanes.bytes;
    // The padding is 0; and 0 · x is 0 for finite numbers only.
    let sum = 0;
    const to = from + rows * paddedLength(columns);
    for (let k = from; k < to; k++) sum += 0 * this.elements[k]!;
    return sum === 0;
  }

  copy({ from, bytes }: Region, to: number): void {
    this.bytes.copyWithin(to, from, from + bytes);
  }

  private view(): void {
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer);
    this.numbers = new Float64Array(buffer);
    this.elements = this.lanes.bytes === 4 ? new Float32Array(buffer) : this.numbers;
  }
}

/** Every so many numbers, from one on, to places that lie as far apart as is said. */
function scatter(
  values: Float64Array,
  [from, by]: readonly [number, number],
  into: Float32Array | Float64Array,
  [to, apart]: readonly [number, number],
): void {
  for (let k = from, at = to; k < values.length; k += by, at += apart) into[at] = values[k]!;
}

/** Lines of numbers, as many in a step as it has, to lines `padded` apart in steps that lie `apart`. */
function scatterLines(
  values: Float64Array,
  [size, length]: readonly [number, number],
  into: Float32Array | Float64Array,
  [first, apart, padded]: readonly [number, number, number],
): void {
  for (let start = 0, to = first; start < values.length; start += size, to += apart) {
    for (let i = 0, at = to; i < size; i += length, at += padded) {
      for (let j = 0; j < length; j++) into[at + j] = values[start + i + j]!;
    }
  }
}
