import type { Node } from '../../../program/ir.js';
import type { Functions } from '../functions/functions.js';
import type { Lanes } from '../lanes.js';
import type { Code, Local } from '../wasm/code.js';
import type { Place } from './memory.js';
import type { Names } from './names.js';
import type { Places } from './places.js';

/** What all functions of a graph share. */
export interface Surroundings {
  readonly lanes: Lanes;
  readonly places: Places;
  readonly names: Names;
  readonly functions: Functions;
}

/** Bytes of a vector register. */
export const VECTOR = 16;

/** Full names of instructions: the same string every time is found in the table of opcodes at once. */
const INSTRUCTIONS = {
  f32x4: new Map<string, string>(),
  f64x2: new Map<string, string>(),
} as const;

/**
 * A function in the making: its code, and how arrays are read and written in it. Its two parameters are
 * what places that move with the step or the tape count from.
 */
export class Frame implements Surroundings {
  readonly code: Code;
  readonly lanes: Lanes;
  readonly places: Places;
  readonly names: Names;
  readonly functions: Functions;
  private readonly locals = new Map<Node, Local>();

  constructor(code: Code, { lanes, places, names, functions }: Surroundings) {
    this.code = code;
    this.lanes = lanes;
    this.places = places;
    this.names = names;
    this.functions = functions;
  }

  /** A vector instruction of these lanes: `f32x4.add`. */
  op(name: string): void {
    const { shape } = this.lanes;
    const known = INSTRUCTIONS[shape];
    let instruction = known.get(name);
    if (instruction === undefined) {
      instruction = `${shape}.${name}`;
      known.set(name, instruction);
    }
    this.code.op(instruction);
  }

  /** All lanes equal. */
  constant(value: number): void {
    if (this.lanes.shape === 'f32x4') this.code.f32x4(value);
    else this.code.f64x2(value);
  }

  /** All bits set in the first `valid` lanes, none in the others. */
  mask(valid: number): void {
    const bits = Array.from({ length: 4 }, (_, k) => (k < (valid * this.lanes.bytes) / 4 ? -1 : 0));
    this.code.i32x4(...(bits as [number, number, number, number]));
  }

  /** The local variable that a node's vector is kept in for a while; the same one whenever asked again. */
  localOf(node: Node): Local {
    let local = this.locals.get(node);
    if (!local) {
      local = this.code.local('v128', () => this.names.of(node));
      this.locals.set(node, local);
    }
    return local;
  }

  /** Puts an address on the stack; what is to be added to it by the instruction is returned. */
  address(place: Place, index?: Local): number {
    const [step, tape] = this.code.parameters;
    if (place.base === 'memory') {
      if (index) this.code.get(index);
      else this.code.i32(0);
    } else {
      this.code.get(place.base === 'step' ? step! : tape!);
      if (index) {
        this.code.get(index);
        this.code.op('i32.add');
      }
    }
    return place.offset;
  }

  load(place: Place, index?: Local, extra = 0): void {
    this.code.memory('v128.load', this.address(place, index) + extra);
  }

  /** One number of an array in all lanes. */
  loadSplat(place: Place, index?: Local, extra = 0): void {
    const instruction = this.lanes.bytes === 4 ? 'v128.load32_splat' : 'v128.load64_splat';
    this.code.memory(instruction, this.address(place, index) + extra);
  }

  store(place: Place, index: Local | undefined, extra: number, value: () => void): void {
    const offset = this.address(place, index);
    value();
    this.code.memory('v128.store', offset + extra);
  }

  /** A number `[1, 1]`, which is of double precision. */
  loadNumber(place: Place): void {
    this.code.memory('f64.load', this.address(place));
  }

  storeNumber(place: Place, value: () => void): void {
    const offset = this.address(place);
    value();
    this.code.memory('f64.store', offset);
  }

  /** One number of an array, as a double. */
  loadElement(place: Place, index?: Local, extra = 0): void {
    const offset = this.address(place, index) + extra;
    if (this.lanes.bytes === 8) this.code.memory('f64.load', offset);
    else {
      this.code.memory('f32.load', offset);
      this.code.op('f64.promote_f32');
    }
  }

  /** A double into an array. */
  storeElement(place: Place, index: Local | undefined, extra: number, value: () => void): void {
    const offset = this.address(place, index) + extra;
    value();
    if (this.lanes.bytes === 8) this.code.memory('f64.store', offset);
    else {
      this.code.op('f32.demote_f64');
      this.code.memory('f32.store', offset);
    }
  }

  /** Carries out `body` for index = from, from + by, … below `to` (at least once): bytes. */
  loop(
    name: string,
    index: Local,
    [from, to, by]: readonly [number, number, number],
    body: () => void,
  ): void {
    const { code } = this;
    code.i32(from);
    code.set(index);
    if (from + by >= to) {
      body();
      return;
    }
    code.loop(name, (again) => {
      body();
      code.get(index);
      code.i32(by);
      code.op('i32.add');
      code.tee(index);
      code.i32(to);
      code.op('i32.lt_u');
      code.brIf(again);
    });
  }
}
