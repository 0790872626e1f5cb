import type { ValueType } from './code.js';

/** Numbers and sections as bytes (WebAssembly core specification, section 5). */

export const valueTypeBytes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

const ENCODER = new TextEncoder();

const scratchBytes = new Uint8Array(8);
const firstFour = scratchBytes.subarray(0, 4);
const scratch = new DataView(scratchBytes.buffer);

/** Bytes one after the other. */
export class Bytes {
  private content = new Uint8Array(256);
  private length = 0;

  private reserve(count: number): void {
    if (this.length + count <= this.content.length) return;
    const larger = new Uint8Array(2 * (this.length + count));
    larger.set(this.content);
    this.content = larger;
  }

  byte(value: number): void {
    this.reserve(1);
    this.content[this.length++] = value;
  }

  replace(at: number, value: number): void {
    this.content[at] = value;
  }

  all(values: ArrayLike<number>): void {
    this.reserve(values.length);
    // A loop beats `set` by far for the few bytes of an instruction.
    if (values.length > 16) this.content.set(values, this.length);
    else for (let k = 0; k < values.length; k++) this.content[this.length + k] = values[k]!;
    this.length += values.length;
  }

  /** LEB128, below 2³². */
  unsigned(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
      throw new RangeError(`not an unsigned 32-bit number: ${value}`);
    }
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.byte((rest & 127) | 128);
    this.byte(rest);
  }

  /** LEB128 of a 32-bit number. */
  signed32(value: number): void {
    let rest = value | 0;
    for (; rest < -64 || rest > 63; rest >>= 7) this.byte((rest & 127) | 128);
    this.byte(rest & 127);
  }

  /** LEB128 of a 64-bit number. */
  signed64(value: bigint): void {
    let rest = value;
    for (; rest < -64n || rest > 63n; rest >>= 7n) this.byte(Number(rest & 127n) | 128);
    this.byte(Number(rest & 127n));
  }

  /** Its length, and what is in it. */
  sized(of: Bytes): void {
    this.unsigned(of.length);
    this.all(of.view());
  }

  /** UTF-8 with its length before. */
  name(text: string): void {
    const encoded = ENCODER.encode(text);
    this.unsigned(encoded.length);
    this.all(encoded);
  }

  /** How many, and each. */
  vector<T>(items: readonly T[], write: (item: T) => void): void {
    this.unsigned(items.length);
    items.forEach(write);
  }

  private fromScratch(count: 4 | 8): void {
    this.reserve(count);
    this.content.set(count === 4 ? firstFour : scratchBytes, this.length);
    this.length += count;
  }

  i32(value: number): void {
    scratch.setInt32(0, value, true);
    this.fromScratch(4);
  }

  i64(value: bigint): void {
    scratch.setBigInt64(0, value, true);
    this.fromScratch(8);
  }

  f32(value: number): void {
    scratch.setFloat32(0, value, true);
    this.fromScratch(4);
  }

  f64(value: number): void {
    scratch.setFloat64(0, value, true);
    this.fromScratch(8);
  }

  /** How many there are. */
  get size(): number {
    return this.length;
  }

  /** What is there now; shares memory with what is written later. */
  view(): Uint8Array<ArrayBuffer> {
    return this.content.subarray(0, this.length);
  }
}
