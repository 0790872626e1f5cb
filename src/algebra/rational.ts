import { numberOutOfRange } from '../base/diagnostics/algebra.js';
import { EngrammarError } from '../base/result.js';
import type { Rational } from './types.js';

/** Exact fractions: numbers in rules are decimals, and decimals are fractions. */

/** Decimal exponents beyond this are refused, so that no text can ask for endless digits. */
const MOST_DIGITS = 10_000;

export const ZERO: Rational = { numerator: 0n, denominator: 1n };
export const ONE: Rational = { numerator: 1n, denominator: 1n };
export const MINUS_ONE: Rational = { numerator: -1n, denominator: 1n };

/** The fraction in lowest terms with a positive denominator. Throws a `RangeError` for denominator 0. */
export function rational(numerator: bigint | number, denominator: bigint | number = 1n): Rational {
  const n = BigInt(numerator);
  const d = BigInt(denominator);
  if (d === 1n) return whole(n);
  if (d === 0n) throw new RangeError('fraction with denominator 0');
  const common = greatestCommonDivisor(n, d);
  const sign = d < 0n ? -common : common;
  const bottom = d / sign;
  return bottom === 1n ? whole(n / sign) : { numerator: n / sign, denominator: bottom };
}

function whole(n: bigint): Rational {
  if (n === 1n) return ONE;
  if (n === -1n) return MINUS_ONE;
  return n === 0n ? ZERO : { numerator: n, denominator: 1n };
}

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/**
 * The fraction a decimal literal means: `0.1` is 1/10, `-2.5e-3` is −1/400.
 * Throws an `EngrammarError` for an exponent beyond ±10000 and for what is no decimal literal.
 */
export function parseRational(text: string): Rational {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  const digits = match ? (match[2] ?? '') + (match[3] ?? '') : '';
  const exponent = Number(match?.[4] ?? 0) - (match?.[3]?.length ?? 0);
  if (!match || digits === '' || Math.abs(exponent) > MOST_DIGITS || digits.length > MOST_DIGITS) {
    throw new EngrammarError(numberOutOfRange({ text: short(text) }));
  }
  const value = BigInt(match[1] === '-' ? `-${digits}` : digits);
  if (exponent === 0) return whole(value);
  return exponent > 0 ? whole(value * 10n ** BigInt(exponent)) : rational(value, tens(-exponent));
}

const tens = (n: number): bigint => 10n ** BigInt(n);

const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 37)}...` : text);

export function add(a: Rational, b: Rational): Rational {
  if (a.denominator === 1n && b.denominator === 1n) return whole(a.numerator + b.numerator);
  return rational(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}

export function multiply(a: Rational, b: Rational): Rational {
  if (a === ONE) return b;
  if (b === ONE) return a;
  if (a === MINUS_ONE) return negate(b);
  if (b === MINUS_ONE) return negate(a);
  if (a.denominator === 1n && b.denominator === 1n) return whole(a.numerator * b.numerator);
  return rational(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** Throws a `RangeError` for 0. */
export function invert(a: Rational): Rational {
  return a === ONE || a === MINUS_ONE ? a : rational(a.denominator, a.numerator);
}

export function divide(a: Rational, b: Rational): Rational {
  return multiply(a, invert(b));
}

export function negate(a: Rational): Rational {
  if (a === ONE) return MINUS_ONE;
  if (a === MINUS_ONE) return ONE;
  return isZero(a) ? ZERO : { numerator: -a.numerator, denominator: a.denominator };
}

/**
 * `a` to a whole power, negative ones included (not for 0).
 * Throws an `EngrammarError` when the result would have more than some 10,000 digits.
 */
export function power(a: Rational, exponent: number): Rational {
  if (a === ONE || exponent === 1) return a;
  if (a === MINUS_ONE) return exponent % 2 === 0 ? ONE : MINUS_ONE;
  if (exponent === 0) return ONE;
  if (isZero(a)) return exponent > 0 ? ZERO : invert(a);
  if (digitsOf(a) * Math.abs(exponent) > MOST_DIGITS) {
    throw new EngrammarError(numberOutOfRange({ text: short(`${textOf(a)}^${String(exponent)}`) }));
  }
  const n = BigInt(Math.abs(exponent));
  const raised = { numerator: a.numerator ** n, denominator: a.denominator ** n };
  if (exponent > 0) return raised;
  return rational(raised.denominator, raised.numerator);
}

const digitsOf = (a: Rational): number =>
  Math.max(String(a.numerator).length, String(a.denominator).length);

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function equals(a: Rational, b: Rational): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

export function isZero(a: Rational): boolean {
  return a.numerator === 0n;
}

export function isNegative(a: Rational): boolean {
  return a.numerator < 0n;
}

export function absolute(a: Rational): Rational {
  return isNegative(a) ? negate(a) : a;
}

/** The whole number it is, or null (also beyond 2^53). */
export function toWhole(a: Rational): number | null {
  if (a.denominator !== 1n) return null;
  const n = Number(a.numerator);
  return Number.isSafeInteger(n) ? n : null;
}

const EXACT = 2n ** 53n;

/** The nearest float64 (half to even), also where numerator and denominator are beyond its range. */
export function toNumber(a: Rational): number {
  const negative = a.numerator < 0n;
  const n = negative ? -a.numerator : a.numerator;
  const d = a.denominator;
  if (n <= EXACT && d <= EXACT) return Number(a.numerator) / Number(d);
  // Scaled so that the quotient has at least 66 bits; a sticky bit keeps the rounding right.
  const shift = 66n - BigInt(bitsOf(n) - bitsOf(d));
  const [top, bottom] = shift >= 0n ? [n << shift, d] : [n, d << -shift];
  const quotient = (top / bottom) | (top % bottom === 0n ? 0n : 1n);
  const magnitude = scaled(quotient, Number(-shift));
  return negative ? -magnitude : magnitude;
}

const bitsOf = (n: bigint): number => n.toString(2).length;

/** quotient × 2^exponent, rounded once: below the normal range bits are dropped before converting. */
function scaled(quotient: bigint, exponent: number): number {
  let [q, e] = [quotient, exponent];
  const surplus = -1074 - e;
  if (surplus > 0 && bitsOf(q) - surplus < 53) {
    const cut = BigInt(surplus);
    const half = 1n << (cut - 1n);
    const rest = q & ((1n << cut) - 1n);
    q >>= cut;
    if (rest > half || (rest === half && (q & 1n) === 1n)) q += 1n;
    e = -1074;
  }
  // Two steps, since 2^e alone may be out of range.
  const step = Math.trunc(e / 2);
  return Number(q) * 2 ** step * 2 ** (e - step);
}

/**
 * The finite decimal it is: `0.0025`, `1e-9`, `-3`; null when the denominator has a prime factor
 * other than 2 and 5.
 */
export function decimalText(a: Rational): string | null {
  if (a.denominator === 1n && -1_000_000n < a.numerator && a.numerator < 1_000_000n)
    return String(a.numerator);
  let [rest, twos, fives] = [a.denominator, 0, 0];
  while (rest % 2n === 0n) [rest, twos] = [rest / 2n, twos + 1];
  while (rest % 5n === 0n) [rest, fives] = [rest / 5n, fives + 1];
  if (rest !== 1n) return null;
  const places = Math.max(twos, fives);
  const scaledUp = (a.numerator * tens(places)) / a.denominator;
  const sign = scaledUp < 0n ? '-' : '';
  const all = String(scaledUp < 0n ? -scaledUp : scaledUp);
  const digits = all.replace(/0+$/, '');
  // value = 0.digits × 10^point
  const point = all.length - places;
  if (point > 6 && point > digits.length) return sign + scientific(digits, point - 1);
  if (point < -3) return sign + scientific(digits, point - 1);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function scientific(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${mantissa}e${exponent}`;
}

/** For keys and messages: `3`, `-1/3`. */
export function textOf(a: Rational): string {
  return a.denominator === 1n ? String(a.numerator) : `${a.numerator}/${a.denominator}`;
}
