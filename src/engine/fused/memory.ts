import { outOfMemory } from '../../base/diagnostics/engine.js';
import { EngrammarError } from '../../base/result.js';
import { layoutOf } from './emit/memory.js';
import { type Lanes, paddedLength } from './lanes.js';
import type { Placed, Region } from './layout.js';

const PAGE = 2 ** 16;
/** Numbers that are copied sooner one by one. */
const FEW = 32;

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

  /** Puts an array to its place, relative to `base` where that is not an address. */
  write({ shape, place }: Placed, values: Float64Array | readonly number[], base = 0): void {
    const at = base + place.offset;
    const [rows, columns] = shape;
    const kind = layoutOf(shape);
    if (kind === 'number') {
      this.numbers[at / 8] = values[0]!;
      return;
    }
    if (!(values instanceof Float64Array)) throw new TypeError('arrays are of double precision');
    const { elements } = this;
    const [lines, length] = kind === 'vector' ? [1, rows * columns] : [rows, columns];
    const stride = paddedLength(length);
    let to = at / this.lanes.bytes;
    for (let from = 0; from < lines * length; from += length, to += stride) {
      if (length < FEW) for (let j = 0; j < length; j++) elements[to + j] = values[from + j]!;
      else elements.set(values.subarray(from, from + length), to);
      for (let j = length; j < stride; j++) elements[to + j] = 0;
    }
  }

  /** A number by its address. */
  numberAt(address: number): number {
    return this.numbers[address / 8]!;
  }

  /**
   * Puts the values of many steps, one after the other, to places that are `stride` bytes apart, the first
   * relative to `base`. As `write` for each of them, but without an object for every step.
   */
  writeSteps(placed: Placed, values: Float64Array, base: number, stride: number): void {
    const { shape, place } = placed;
    const size = shape[0] * shape[1];
    const steps = values.length / size;
    const kind = layoutOf(shape);
    if (kind === 'number') {
      for (let t = 0, at = (base + place.offset) / 8; t < steps; t++, at += stride / 8)
        this.numbers[at] = values[t]!;
    } else if (kind === 'vector' && size < FEW) {
      const { elements } = this;
      const { bytes } = this.lanes;
      const padded = paddedLength(size);
      for (let t = 0, from = 0, at = (base + place.offset) / bytes; t < steps; t++) {
        for (let j = 0; j < size; j++) elements[at + j] = values[from++]!;
        for (let j = size; j < padded; j++) elements[at + j] = 0;
        at += stride / bytes;
      }
    } else {
      for (let t = 0; t < steps; t++)
        this.write(placed, values.subarray(t * size, (t + 1) * size), base + t * stride);
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
