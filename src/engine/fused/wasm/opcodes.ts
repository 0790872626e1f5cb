/**
 * The instructions of WebAssembly that numerical kernels can need, by their names in the text format
 * (WebAssembly core specification 2.0, section 5.4, and the relaxed SIMD proposal). Eight- and sixteen-bit
 * lane arithmetic is left out.
 */

/** What follows the opcode. */
export type Immediates = 'none' | 'memory' | 'lane' | 'memoryLane';

export interface Opcode {
  readonly bytes: readonly number[];
  readonly immediates: Immediates;
  /** Of memory instructions: log2 of the bytes moved, the alignment that is promised in vain. */
  readonly alignment: number;
  /** Of lane instructions: how many lanes there are. */
  readonly lanes: number;
}

const table = new Map<string, Opcode>();

/** Opcode numbers are LEB128 behind a prefix; those of one byte stand for themselves. */
function opcodeBytes(prefix: number | undefined, code: number): number[] {
  if (prefix === undefined) return [code];
  const bytes = [prefix];
  let rest = code;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return bytes;
}

/** Names of successive opcodes; `-` skips one; a type before a colon is put before the names after it. */
function series(prefix: number | undefined, first: number, names: string): void {
  let code = first;
  let type = '';
  for (const word of names.split(/\s+/)) {
    if (word.endsWith(':')) {
      type = `${word.slice(0, -1)}.`;
      continue;
    }
    if (word !== '-') {
      const bytes = opcodeBytes(prefix, code);
      table.set(type + word, { bytes, immediates: 'none', alignment: 0, lanes: 0 });
    }
    code++;
  }
}

/** Instructions with an address: names with log2 of the bytes they move. */
function memorySeries(prefix: number | undefined, first: number, names: string): void {
  let code = first;
  for (const word of names.split(/\s+/)) {
    const [name, alignment] = word.split('/') as [string, string];
    const bytes = opcodeBytes(prefix, code++);
    table.set(name, { bytes, immediates: 'memory', alignment: Number(alignment), lanes: 0 });
  }
}

const INTEGER_COMPARISONS = 'eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const INTEGER_ARITHMETIC =
  'clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr';
const FLOAT_COMPARISONS = 'eq ne lt gt le ge';
const FLOAT_ARITHMETIC = 'abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign';

series(undefined, 0x00, 'unreachable nop');
series(undefined, 0x1a, 'drop select');
memorySeries(
  undefined,
  0x28,
  'i32.load/2 i64.load/3 f32.load/2 f64.load/3 i32.load8_s/0 i32.load8_u/0 i32.load16_s/1 ' +
    'i32.load16_u/1 i64.load8_s/0 i64.load8_u/0 i64.load16_s/1 i64.load16_u/1 i64.load32_s/2 ' +
    'i64.load32_u/2 i32.store/2 i64.store/3 f32.store/2 f64.store/3 i32.store8/0 i32.store16/1 ' +
    'i64.store8/0 i64.store16/1 i64.store32/2',
);
series(
  undefined,
  0x45,
  `i32: ${INTEGER_COMPARISONS} i64: ${INTEGER_COMPARISONS} ` +
    `f32: ${FLOAT_COMPARISONS} f64: ${FLOAT_COMPARISONS} ` +
    `i32: ${INTEGER_ARITHMETIC} i64: ${INTEGER_ARITHMETIC} ` +
    `f32: ${FLOAT_ARITHMETIC} f64: ${FLOAT_ARITHMETIC} ` +
    'i32: wrap_i64 trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u ' +
    'i64: extend_i32_s extend_i32_u trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u ' +
    'f32: convert_i32_s convert_i32_u convert_i64_s convert_i64_u demote_f64 ' +
    'f64: convert_i32_s convert_i32_u convert_i64_s convert_i64_u promote_f32 ' +
    'i32: reinterpret_f32 i64: reinterpret_f64 f32: reinterpret_i32 f64: reinterpret_i64 ' +
    'i32: extend8_s extend16_s i64: extend8_s extend16_s extend32_s',
);
series(
  0xfc,
  0,
  'i32: trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u ' +
    'i64: trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u',
);
// The zeros are the indices of the one memory.
const bulk = { immediates: 'none', alignment: 0, lanes: 0 } as const;
table.set('memory.copy', { ...bulk, bytes: [0xfc, 10, 0, 0] });
table.set('memory.fill', { ...bulk, bytes: [0xfc, 11, 0] });

memorySeries(
  0xfd,
  0,
  'v128.load/4 v128.load8x8_s/3 v128.load8x8_u/3 v128.load16x4_s/3 v128.load16x4_u/3 ' +
    'v128.load32x2_s/3 v128.load32x2_u/3 v128.load8_splat/0 v128.load16_splat/1 ' +
    'v128.load32_splat/2 v128.load64_splat/3 v128.store/4',
);
memorySeries(0xfd, 92, 'v128.load32_zero/2 v128.load64_zero/3');
series(
  0xfd,
  14,
  'i8x16: swizzle splat i16x8: splat i32x4: splat i64x2: splat f32x4: splat f64x2: splat',
);
const WIDE_COMPARISONS = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
series(
  0xfd,
  55,
  `i32x4: ${WIDE_COMPARISONS} f32x4: ${FLOAT_COMPARISONS} f64x2: ${FLOAT_COMPARISONS}`,
);
series(0xfd, 77, 'v128: not and andnot or xor bitselect any_true');
series(0xfd, 94, 'f32x4: demote_f64x2_zero f64x2: promote_low_f32x4');
series(0xfd, 99, 'i8x16: all_true bitmask');
series(0xfd, 103, 'f32x4: ceil floor trunc nearest');
series(0xfd, 116, 'f64x2: ceil floor - - - - trunc');
series(0xfd, 148, 'f64x2: nearest');
const WIDE_INTEGERS = (halves: string) =>
  `abs neg - all_true bitmask - - extend_low_${halves}_s extend_high_${halves}_s ` +
  `extend_low_${halves}_u extend_high_${halves}_u shl shr_s shr_u add - - sub - - - mul`;
series(0xfd, 160, `i32x4: ${WIDE_INTEGERS('i16x8')} min_s min_u max_s max_u`);
series(
  0xfd,
  192,
  `i64x2: ${WIDE_INTEGERS('i32x4')} eq ne lt_s gt_s le_s ge_s ` +
    'extmul_low_i32x4_s extmul_high_i32x4_s extmul_low_i32x4_u extmul_high_i32x4_u',
);
const WIDE_FLOATS = 'abs neg - sqrt add sub mul div min max pmin pmax';
series(0xfd, 224, `f32x4: ${WIDE_FLOATS} f64x2: ${WIDE_FLOATS}`);
series(
  0xfd,
  248,
  'i32x4: trunc_sat_f32x4_s trunc_sat_f32x4_u f32x4: convert_i32x4_s convert_i32x4_u ' +
    'i32x4: trunc_sat_f64x2_s_zero trunc_sat_f64x2_u_zero ' +
    'f64x2: convert_low_i32x4_s convert_low_i32x4_u',
);
series(
  0xfd,
  0x100,
  'i8x16: relaxed_swizzle i32x4: relaxed_trunc_f32x4_s relaxed_trunc_f32x4_u ' +
    'relaxed_trunc_f64x2_s_zero relaxed_trunc_f64x2_u_zero ' +
    'f32x4: relaxed_madd relaxed_nmadd f64x2: relaxed_madd relaxed_nmadd ' +
    'i8x16: relaxed_laneselect i16x8: relaxed_laneselect i32x4: relaxed_laneselect ' +
    'i64x2: relaxed_laneselect f32x4: relaxed_min relaxed_max f64x2: relaxed_min relaxed_max',
);

(
  [
    ['i32x4', 27, 4],
    ['i64x2', 29, 2],
    ['f32x4', 31, 4],
    ['f64x2', 33, 2],
  ] as const
).forEach(([shape, first, lanes]) => {
  ['extract_lane', 'replace_lane'].forEach((name, k) => {
    const bytes = opcodeBytes(0xfd, first + k);
    table.set(`${shape}.${name}`, { bytes, immediates: 'lane', alignment: 0, lanes });
  });
});

[8, 16, 32, 64].forEach((bits, alignment) => {
  const shared = { immediates: 'memoryLane', alignment, lanes: 128 / bits } as const;
  table.set(`v128.load${bits}_lane`, { ...shared, bytes: opcodeBytes(0xfd, 84 + alignment) });
  table.set(`v128.store${bits}_lane`, { ...shared, bytes: opcodeBytes(0xfd, 88 + alignment) });
});

/** Every instruction known, by name. */
export const opcodes: ReadonlyMap<string, Opcode> = table;

/**
 * The opcode of an instruction that takes these immediates.
 *
 * @throws TypeError if there is no such instruction
 */
export function opcode(instruction: string, immediates: Immediates): Opcode {
  const found = table.get(instruction);
  if (found === undefined || found.immediates !== immediates) {
    const kind = immediates === 'none' ? '' : ` with ${immediates} immediates`;
    throw new TypeError(`no WebAssembly instruction "${instruction}"${kind}`);
  }
  return found;
}
