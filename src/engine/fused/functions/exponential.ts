import type { Lanes } from '../lanes.js';
import type { Code } from '../wasm/code.js';
import { type Arithmetic, arithmetic, type Value } from './arithmetic.js';
import { type Format, formats } from './formats.js';

/** A number rounded to a whole one. */
export interface Whole {
  readonly n: Value;
  /** n + offset as an integer. */
  readonly integer: (offset: bigint) => Value;
}

/**
 * Rounds by adding so large a number that the unit in the last place is 1; the bits of the sum are then
 * those of n, too. |n| is at most 2^(fraction − 2).
 *
 * @param plus gives the sum of the number to be rounded and its argument
 */
export function nearest(a: Arithmetic, format: Format, plus: (large: Value) => Value): Whole {
  const fraction = BigInt(format.fraction);
  const large = 1.5 * 2 ** format.fraction;
  const largeBits = ((format.bias + fraction) << fraction) + (1n << (fraction - 1n));
  const sum = a.keep(plus(a.constant(large)));
  return {
    n: a.keep(a.subtract(sum, a.constant(large))),
    integer: (offset) => a.integerSubtract(sum, a.bits(largeBits - offset)),
  };
}

/** eʳ − 1 for |r| ≤ ln 2 / 2. */
export function nearZero(a: Arithmetic, coefficients: readonly number[], r: Value): Value {
  const square = a.keep(a.multiply(r, r));
  return a.multiplyAdd(a.polynomial(coefficients, r), square, r);
}

/** eˣ = 2ⁿ(1 + q), |q| < 0.42. */
function split(a: Arithmetic, format: Format, x: Value): { q: Value; whole: Whole } {
  const [high, low] = format.logOfTwo;
  const whole = nearest(a, format, (large) => a.multiplyAdd(x, a.constant(Math.LOG2E), large));
  const most = a.subtractProduct(x, whole.n, a.constant(high));
  const r = a.keep(a.subtractProduct(most, whole.n, a.constant(low)));
  return { q: nearZero(a, format.exponential, r), whole };
}

/**
 * 2ⁿ(1 + q), 2ⁿ in two factors of 2^(n/2), of which neither is 0 or infinite: results below the normal
 * numbers are rounded once, and what is too large becomes infinite.
 */
export function scaled(a: Arithmetic, format: Format, q: Value, { integer }: Whole): Value {
  const both = a.keep(integer(2n * format.bias));
  const one = a.keep(a.shiftRight(both, 1));
  const other = a.integerSubtract(both, one);
  return a.multiply(
    a.multiply(a.add(q, a.constant(1)), a.shiftLeft(one, format.fraction)),
    a.shiftLeft(other, format.fraction),
  );
}

/** eˣ for x that is not far above where it overflows. */
function exponential(a: Arithmetic, format: Format, x: Value): Value {
  const bounded = a.keep(a.atLeast(x, a.constant(format.expRange[0])));
  const { q, whole } = split(a, format, bounded);
  return scaled(a, format, q, whole);
}

/** Operand on the stack, replaced by eˣ. */
export function emitExp(code: Code, lanes: Lanes): void {
  const a = arithmetic(code, lanes);
  const format = formats[lanes.shape];
  const x = a.pop();
  exponential(a, format, a.atMost(x, a.constant(format.expRange[1])))();
}

/** e^(−|x|), from 0 to 1. */
export const decay = (a: Arithmetic, format: Format, x: Value): Value =>
  a.keep(exponential(a, format, a.or(x, a.constant(-0))));

/**
 * Operand on the stack, replaced by 1/(1 + e^(−x)): u = e^(−|x|) makes it 1/(1 + u) for positive x and
 * u/(1 + u) for negative x, each accurate in relative terms.
 */
export function emitSigmoid(code: Code, lanes: Lanes): void {
  const a = arithmetic(code, lanes);
  const x = a.pop();
  const u = decay(a, formats[lanes.shape], x);
  const one = a.constant(1);
  a.divide(a.choose(a.compare('lt', x, a.constant(0)), u, one), a.add(u, one))();
}

/**
 * Operand on the stack, replaced by tanh(x) = t/(t + 2), t = e^(2|x|) − 1 = 2ⁿq + (2ⁿ − 1), with the sign of x:
 * accurate in relative terms near 0, where n is 0.
 */
export function emitTanh(code: Code, lanes: Lanes): void {
  const a = arithmetic(code, lanes);
  const format = formats[lanes.shape];
  const x = a.pop();
  const bounded = a.keep(a.atMost(a.abs(x), a.constant(format.tanhIsOne)));
  const { q, whole } = split(a, format, a.keep(a.add(bounded, bounded)));
  const scale = a.keep(a.shiftLeft(whole.integer(format.bias), format.fraction));
  const t = a.keep(a.multiplyAdd(q, scale, a.subtract(scale, a.constant(1))));
  a.or(a.divide(t, a.add(t, a.constant(2))), a.and(x, a.constant(-0)))();
}
