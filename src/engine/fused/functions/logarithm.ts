import type { Lanes } from '../lanes.js';
import type { Code } from '../wasm/code.js';
import { type Arithmetic, arithmetic, type Value } from './arithmetic.js';
import { decay } from './exponential.js';
import { type Format, formats } from './formats.js';

/** A number as 2ⁿ(1 + f), 1 + f from √½ to √2. */
interface Parts {
  /** n, a whole number in floating point. */
  readonly exponent: Value;
  readonly mantissa: Value;
}

const SQRT_HALF_BITS = { 23: 0x3f3504f3n, 52: 0x3fe6a09e667f3bcdn } as const;

/** Of positive finite numbers; numbers below the normal ones are made larger first. */
export function parts(a: Arithmetic, format: Format, x: Value): Parts {
  const smallest = 2 ** (1 - Number(format.bias));
  const small = a.keep(a.compare('lt', x, a.constant(smallest)));
  const normal = a.choose(small, a.multiply(x, a.constant(2 ** format.fraction)), x);
  return normalParts(a, format, normal, (n) =>
    a.subtract(n, a.and(small, a.constant(format.fraction))),
  );
}

/** Of positive finite numbers that are not below the normal ones; n goes through `adjust`. */
export function normalParts(
  a: Arithmetic,
  format: Format,
  x: Value,
  adjust: (n: Value) => Value = (n) => n,
): Parts {
  const width = BigInt(format.fraction);
  const from = SQRT_HALF_BITS[format.fraction];
  const exponentOne = format.bias << width;
  const large = 2 ** format.fraction;
  const largeBits = (format.bias + width) << width;
  // Numbers from √½·2ⁿ on have exponent n when what √½ lacks to 1 has been added to their bits.
  const moved = a.keep(a.integerAdd(x, a.bits(exponentOne - from)));
  // The exponent as the last bits of a large number, which is then taken away.
  const biased = a.or(a.shiftRight(moved, format.fraction), a.bits(largeBits));
  const n = a.subtract(biased, a.constant(large + Number(format.bias)));
  const fraction = a.and(moved, a.bits((1n << width) - 1n));
  return {
    exponent: a.keep(adjust(n)),
    mantissa: a.keep(a.integerAdd(fraction, a.bits(from))),
  };
}

/**
 * f − log(1 + f) = f²/2 − s(f²/2 + s²·polynomial(s²)), s = f/(2 + f): what is small against f is computed,
 * so that little of its error arrives in the logarithm.
 */
export function shortfall(
  a: Arithmetic,
  coefficients: readonly number[],
  f: Value,
  low?: Value,
): Value {
  const s = a.keep(a.divide(f, a.add(f, a.constant(2))));
  const square = a.keep(a.multiply(s, s));
  const half = a.keep(a.multiply(f, a.multiply(f, a.constant(0.5))));
  const sum = a.multiplyAdd(a.polynomial(coefficients, square), square, half);
  return a.subtract(half, low === undefined ? a.multiply(s, sum) : a.multiplyAdd(s, sum, low));
}

/** log of positive finite numbers. */
function logarithm(a: Arithmetic, format: Format, { exponent, mantissa }: Parts): Value {
  const [high, low] = format.logOfTwo;
  const f = a.keep(a.subtract(mantissa, a.constant(1)));
  const rest = shortfall(a, format.logarithm, f, a.multiply(exponent, a.constant(low)));
  return a.subtract(a.multiply(exponent, a.constant(high)), a.subtract(rest, f));
}

/** Operand on the stack, replaced by log(x): −∞ at 0, NaN below. */
export function emitLog(code: Code, lanes: Lanes): void {
  const a = arithmetic(code, lanes);
  const format = formats[lanes.shape];
  const x = a.pop();
  const finite = logarithm(a, format, parts(a, format, x));
  const least = a.and(a.compare('eq', x, a.constant(0)), a.constant(Number.NEGATIVE_INFINITY));
  const most = a.and(a.compare('eq', x, a.constant(Number.POSITIVE_INFINITY)), x);
  const none = a.not(a.compare('ge', x, a.constant(0)));
  a.or(a.add(a.add(finite, least), most), none)();
}

/** Operand on the stack, replaced by log(1 + eˣ) = max(x, 0) + log(1 + e^(−|x|)). */
export function emitSoftplus(code: Code, lanes: Lanes): void {
  const a = arithmetic(code, lanes);
  const format = formats[lanes.shape];
  const x = a.pop();
  const u = decay(a, format, x);
  const logarithmOfSum = a.subtract(u, shortfall(a, format.logarithmOfOnePlus, u));
  a.add(a.atLeast(x, a.constant(0)), logarithmOfSum)();
}
