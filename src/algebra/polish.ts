import { mathjs } from './mathjs-load.js';
import * as Q from './rational.js';

/**
 * Numbers as they are printed in rules. The texts are decimals of the language, so that parsing what
 * is printed gives exactly the number that was meant to be printed.
 */

/** Numbers outside [1e-4, 1e6) are printed with an exponent. */
const LOWEST_PLAIN = -4;
const HIGHEST_PLAIN = 6;

/**
 * `value` to this many significant digits, zeros at the end left out: 0.013579 to 3 is `0.0136`.
 * Throws a `RangeError` for a value that is not finite and for less than one digit.
 */
export function roundSignificant(value: number, digits: number): string {
  requireFinite(value);
  if (!(digits >= 1)) throw new RangeError(`cannot round to ${digits} digits`);
  if (value === 0) return '0';
  const text = mathjs().format(value, {
    notation: 'exponential',
    precision: Math.min(17, Math.floor(digits)),
  });
  return Q.decimalText(Q.parseRational(text)) ?? text;
}

/**
 * A value and its spread as people print them: the spread has one digit, two if its first is 1, and
 * the value ends where the spread ends. 0.01357 ± 0.00042 is `0.0136` ± `0.0004`. A spread of 0
 * leaves the value at six significant digits.
 * Throws a `RangeError` when either is not finite or the spread is negative.
 */
export function roundToSpread(value: number, spread: number): { value: string; spread: string } {
  requireFinite(value);
  requireFinite(spread);
  if (spread < 0) throw new RangeError(`a spread cannot be negative: ${spread}`);
  if (spread === 0) return { value: roundSignificant(value, 6), spread: '0' };
  // 0.0096 is 0.01 to one digit, so its first digit is 1 and it is printed 0.010.
  const [one, two] = [exponential(spread, 1), exponential(spread, 2)];
  const rounded = two.startsWith('1') ? two : one;
  const lastPlace = exponentOf(rounded) - (rounded.startsWith('1') ? 1 : 0);
  return { value: endingAt(value, lastPlace), spread: endingAt(Number(rounded), lastPlace) };
}

function requireFinite(value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`not a finite number: ${value}`);
}

function exponential(value: number, precision: number): string {
  return mathjs().format(value, { notation: 'exponential', precision });
}

const exponentOf = (text: string): number => Number(text.split('e')[1]);

/** The value rounded to a multiple of 10^place, written down to that place, zeros included. */
function endingAt(value: number, place: number): string {
  const units = roundedUnits(value, place);
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units);
  const exponent = digits.length - 1 + place;
  const plain = exponent < HIGHEST_PLAIN && (units === 0n || exponent >= LOWEST_PLAIN);
  if (units === 0n && place < LOWEST_PLAIN - 4) return `0e${place}`;
  if (plain && place >= 0) return sign + (units === 0n ? '0' : digits + '0'.repeat(place));
  if (plain) {
    const padded = digits.padStart(1 - place, '0');
    return `${sign}${padded.slice(0, place)}.${padded.slice(place)}`;
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${sign}${mantissa}e${exponent}`;
}

/** value / 10^place to the nearest whole number, by the value's shortest decimal; halves away from 0. */
function roundedUnits(value: number, place: number): bigint {
  const { numerator, denominator } = Q.divide(
    Q.parseRational(String(value)),
    Q.power(Q.rational(10), place),
  );
  const twice = 2n * (numerator < 0n ? -numerator : numerator) + denominator;
  const magnitude = twice / (2n * denominator);
  return numerator < 0n ? -magnitude : magnitude;
}
