/**
 * How a WebAssembly function body is written down: a stack machine, instruction by instruction, under the
 * names of the WebAssembly text format, so that the same body is both assembled and printed for people.
 */

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** For people: a function is asked only when they read. */
export type Words = string | (() => string);

/** A parameter or local variable of the function at hand. */
export interface Local {
  readonly type: ValueType;
  readonly index: number;
  readonly name: Words;
}

/** A function that can be called. */
export interface Callable {
  readonly name: string;
  readonly index: number;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A place to jump to: the end of a block, the start of a loop. */
export interface Label {
  readonly name: string;
}

/** A function body in the making. Every method appends. */
export interface Code {
  /** The function's parameters, in order. */
  readonly parameters: readonly Local[];
  /** A new local variable; names need not differ. */
  local(type: ValueType, name: Words): Local;
  get(local: Local): void;
  set(local: Local): void;
  tee(local: Local): void;
  i32(value: number): void;
  i64(value: bigint): void;
  f32(value: number): void;
  f64(value: number): void;
  /** Four or two equal or different lanes. */
  f32x4(...lanes: [number] | [number, number, number, number]): void;
  f64x2(...lanes: [number] | [number, number]): void;
  i32x4(...lanes: [number] | [number, number, number, number]): void;
  i64x2(...lanes: [bigint] | [bigint, bigint]): void;
  /** Any instruction without immediates: `f32x4.add`, `i32.shl`, `drop`, `f32x4.relaxed_madd`, … */
  op(instruction: string): void;
  /** `v128.load`, `v128.load32_splat`, `f64.store`, …: address (and value) on the stack. */
  memory(instruction: string, offset: number): void;
  /** `f32x4.extract_lane`, `f64x2.replace_lane`, … */
  lane(instruction: string, lane: number): void;
  /** `v128.load32_lane`, `v128.store32_lane`, …: address and vector on the stack. */
  memoryLane(instruction: string, offset: number, lane: number): void;
  /** `i8x16.shuffle` of two vectors by 32-bit lanes (0…7) or 64-bit lanes (0…3). */
  shuffle32(a: number, b: number, c: number, d: number): void;
  shuffle64(a: number, b: number): void;
  call(callee: Callable): void;
  /** A jump to the label leaves the block. */
  block(name: string, body: (label: Label) => void): void;
  /** A jump to the label starts it again. */
  loop(name: string, body: (label: Label) => void): void;
  /** Condition on the stack. */
  if(then: () => void, otherwise?: () => void): void;
  br(label: Label): void;
  brIf(label: Label): void;
  return(): void;
  /** Lines of the printed text. */
  comment(text: Words): void;
}

export interface FunctionSpec {
  readonly name: string;
  readonly parameters?: readonly { readonly type: ValueType; readonly name: string }[];
  readonly results?: readonly ValueType[];
  /** Callable from outside under its name. */
  readonly exported?: boolean;
  /** Printed above it. */
  readonly about?: Words;
}

/** A module in the making: one imported memory (`env.memory`), functions, exports. */
export interface ModuleWriter {
  /** Declares and writes a function; it may call those written before it. */
  define(spec: FunctionSpec, body: (code: Code) => void): Callable;
  /** The module's bytes. `pages` is the least size of the imported memory. */
  binary(pages: number): Uint8Array<ArrayBuffer>;
}

export interface ReadableModuleWriter extends ModuleWriter {
  /** The same module as commented WebAssembly text. */
  text(): string;
}
