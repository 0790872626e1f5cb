import type { Lanes } from '../lanes.js';
import type { Code } from '../wasm/code.js';
import { temporary } from './temporaries.js';

/** Instructions that leave one vector on the stack. */
export type Value = () => void;

/**
 * Formulas instead of stack juggling: values are put together to values, `keep` puts one into a local
 * variable. Lanes of a comparison have all bits set or none.
 */
export interface Arithmetic {
  readonly constant: (value: number) => Value;
  /** The same bits in all lanes. */
  readonly bits: (value: bigint) => Value;
  readonly add: (a: Value, b: Value) => Value;
  readonly subtract: (a: Value, b: Value) => Value;
  readonly multiply: (a: Value, b: Value) => Value;
  readonly divide: (a: Value, b: Value) => Value;
  /** a·b + c, in one rounding if the lanes are relaxed and the machine can. */
  readonly multiplyAdd: (a: Value, b: Value, c: Value) => Value;
  /** c − a·b, likewise. */
  readonly subtractProduct: (c: Value, a: Value, b: Value) => Value;
  readonly abs: (a: Value) => Value;
  /** b where b < a, else a: a where it is NaN. One instruction, as `min` is not. */
  readonly atMost: (a: Value, b: Value) => Value;
  /** b where a < b, else a: a where it is NaN. */
  readonly atLeast: (a: Value, b: Value) => Value;
  readonly truncate: (a: Value) => Value;
  readonly compare: (how: 'eq' | 'ne' | 'lt' | 'gt' | 'ge', a: Value, b: Value) => Value;
  readonly and: (a: Value, b: Value) => Value;
  readonly or: (a: Value, b: Value) => Value;
  readonly not: (a: Value) => Value;
  /** a in the lanes where the mask is set, b elsewhere. */
  readonly choose: (mask: Value, a: Value, b: Value) => Value;
  readonly integerAdd: (a: Value, b: Value) => Value;
  readonly integerSubtract: (a: Value, b: Value) => Value;
  readonly shiftLeft: (a: Value, count: number) => Value;
  /** Zeros are shifted in. */
  readonly shiftRight: (a: Value, count: number) => Value;
  /** c₀ + c₁x + c₂x² + …, by Horner's rule. */
  readonly polynomial: (coefficients: readonly number[], x: Value) => Value;
  /** Computes the value now; what it gives is read as often as one likes. */
  readonly keep: (value: Value) => Value;
  /** The vector on the stack. */
  readonly pop: () => Value;
  /** For lanes of another shape, besides this one. */
  readonly inLanes: (lanes: Lanes) => Arithmetic;
}

/** Arithmetic for one function at one place in a body. */
export const arithmetic = (code: Code, lanes: Lanes): Arithmetic =>
  arithmeticIn(code, lanes, { locals: 0 });

function arithmeticIn(code: Code, { shape, relaxed }: Lanes, used: { locals: number }): Arithmetic {
  const integers = shape === 'f32x4' ? 'i32x4' : 'i64x2';

  const unary =
    (instruction: string) =>
    (a: Value): Value =>
    () => {
      a();
      code.op(instruction);
    };
  const binary =
    (instruction: string) =>
    (a: Value, b: Value): Value =>
    () => {
      a();
      b();
      code.op(instruction);
    };
  const ternary =
    (instruction: string) =>
    (a: Value, b: Value, c: Value): Value =>
    () => {
      a();
      b();
      c();
      code.op(instruction);
    };
  const shift =
    (instruction: string) =>
    (a: Value, count: number): Value =>
    () => {
      a();
      code.i32(count);
      code.op(instruction);
    };
  const constant =
    (value: number): Value =>
    () => {
      if (shape === 'f32x4') code.f32x4(value);
      else code.f64x2(value);
    };
  const add = binary(`${shape}.add`);
  const subtract = binary(`${shape}.sub`);
  const multiply = binary(`${shape}.mul`);
  const bitselect = ternary('v128.bitselect');
  const multiplyAdd = relaxed
    ? ternary(`${shape}.relaxed_madd`)
    : (a: Value, b: Value, c: Value) => add(multiply(a, b), c);
  const negatedProductAdd = ternary(`${shape}.relaxed_nmadd`);

  const arithmeticOf: Arithmetic = {
    constant,
    bits: (value) => () => {
      if (shape === 'f32x4') code.i32x4(Number(BigInt.asIntN(32, value)));
      else code.i64x2(value);
    },
    add,
    subtract,
    multiply,
    divide: binary(`${shape}.div`),
    multiplyAdd,
    subtractProduct: relaxed
      ? (c, a, b) => negatedProductAdd(a, b, c)
      : (c, a, b) => subtract(c, multiply(a, b)),
    abs: unary(`${shape}.abs`),
    atMost: binary(`${shape}.pmin`),
    atLeast: binary(`${shape}.pmax`),
    truncate: unary(`${shape}.trunc`),
    compare: (how, a, b) => binary(`${shape}.${how}`)(a, b),
    and: binary('v128.and'),
    or: binary('v128.or'),
    not: unary('v128.not'),
    choose: (mask, a, b) => bitselect(a, b, mask),
    integerAdd: binary(`${integers}.add`),
    integerSubtract: binary(`${integers}.sub`),
    shiftLeft: shift(`${integers}.shl`),
    shiftRight: shift(`${integers}.shr_u`),
    polynomial: (coefficients, x) => {
      let sum = constant(coefficients.at(-1)!);
      for (const coefficient of coefficients.slice(0, -1).reverse()) {
        sum = multiplyAdd(sum, x, constant(coefficient));
      }
      return sum;
    },
    keep(value) {
      value();
      return arithmeticOf.pop();
    },
    pop() {
      const local = temporary(code, 'v128', used.locals++);
      code.set(local);
      return () => code.get(local);
    },
    inLanes: (lanes) => arithmeticIn(code, lanes, used),
  };
  return arithmeticOf;
}
