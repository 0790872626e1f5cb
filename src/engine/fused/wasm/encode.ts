import type { ValueType } from './code.js';

/** Numbers and sections as bytes (WebAssembly core specification, section 5). */

/** Appends an unsigned LEB128 number below 2³². */
export function pushUnsigned(out: number[], value: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw new RangeError(`not an unsigned 32-bit number: ${value}`);
  }
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  out.push(rest);
}

/** Appends a signed LEB128 number of any size. */
export function pushSigned(out: number[], value: bigint): void {
  let rest = value;
  for (;;) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    const done = (rest === 0n && (low & 64) === 0) || (rest === -1n && (low & 64) !== 0);
    out.push(done ? low : low | 128);
    if (done) return;
  }
}

/** Appends the length in bytes of what follows, and it. */
export function pushSized(out: number[], bytes: readonly number[]): void {
  pushUnsigned(out, bytes.length);
  // One by one: spread arguments overflow the stack.
  for (const byte of bytes) out.push(byte);
}

/** Appends a name: its UTF-8 with the length before. */
export function pushName(out: number[], name: string): void {
  pushSized(out, [...new TextEncoder().encode(name)]);
}

/** Appends how many, and each. */
export function pushVector<T>(
  out: number[],
  items: readonly T[],
  push: (out: number[], item: T) => void,
): void {
  pushUnsigned(out, items.length);
  for (const item of items) push(out, item);
}

export const valueTypeBytes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

const scratch = new DataView(new ArrayBuffer(8));

const pushScratch = (out: number[], count: number): void => {
  for (let k = 0; k < count; k++) out.push(scratch.getUint8(k));
};

export function pushI32(out: number[], value: number): void {
  scratch.setInt32(0, value, true);
  pushScratch(out, 4);
}

export function pushI64(out: number[], value: bigint): void {
  scratch.setBigInt64(0, value, true);
  pushScratch(out, 8);
}

export function pushF32(out: number[], value: number): void {
  scratch.setFloat32(0, value, true);
  pushScratch(out, 4);
}

export function pushF64(out: number[], value: number): void {
  scratch.setFloat64(0, value, true);
  pushScratch(out, 8);
}

/** A floating-point constant in the text format: the shortest decimal that gives these bits again. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** What identifiers of the text format may consist of; anything else becomes `_`. */
export const identifier = (name: string): string =>
  name.replace(/[^A-Za-z0-9!#$%&'*+\-./:<=>?@\\^_`|~]/g, '_') || '_';

/** Names made different by numbers. */
export function distinctNames(): (name: string) => string {
  const seen = new Map<string, number>();
  return (name) => {
    const base = identifier(name);
    for (;;) {
      const count = seen.get(base) ?? 0;
      seen.set(base, count + 1);
      const candidate = count === 0 ? base : `${base}.${count + 1}`;
      if (candidate === base) return base;
      if (seen.has(candidate)) continue;
      seen.set(candidate, 1);
      return candidate;
    }
  };
}
