import type { Atom, Polynomial, Rational } from './types.js';

/**
 * A quick proof that two sums have no common factor in an atom x: with numbers modulo a prime in the
 * place of all other atoms, a common factor would remain one, unless its first coefficient vanished.
 */

/** The largest prime below 2^26: products of two residues are exact in float64. */
const PRIME = 67108859;

/** False only when no common divisor of `p` and `q` contains x. Their exponents are ≥ 0. */
export function mayShareFactor(p: Polynomial, q: Polynomial, x: Atom): boolean {
  const [a, b] = [image(p, x), image(q, x)];
  // A vanished first coefficient of one is harmless as long as the other one's is there.
  if (!a || !b || (a.vanished && b.vanished)) return true;
  return degreeOfCommonDivisor(a.coefficients, b.coefficients) > 0;
}

interface Image {
  readonly coefficients: number[];
  readonly vanished: boolean;
}

/** By powers of x, every other atom replaced by its number; null when that is not possible. */
function image(p: Polynomial, x: Atom): Image | null {
  const coefficients: number[] = [];
  for (const { coefficient, factors } of p.monomials) {
    let value = residue(coefficient);
    if (value === null) return null;
    let degree = 0;
    for (const { atom, exponent } of factors) {
      if (atom.key === x.key) degree = exponent;
      else value = (value * powerOf(numberFor(atom), exponent)) % PRIME;
    }
    while (coefficients.length <= degree) coefficients.push(0);
    coefficients[degree] = (coefficients[degree]! + value) % PRIME;
  }
  const vanished = coefficients.at(-1) === 0;
  trim(coefficients);
  return coefficients.length === 0 ? null : { coefficients, vanished };
}

/** A fixed number for each atom, from its key (FNV-1a). */
function numberFor({ key }: Atom): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return 2 + ((hash >>> 0) % (PRIME - 2));
}

function residue({ numerator, denominator }: Rational): number | null {
  const prime = BigInt(PRIME);
  const bottom = Number(denominator % prime);
  if (bottom === 0) return null;
  const top = Number(((numerator % prime) + prime) % prime);
  return bottom === 1 ? top : (top * powerOf(bottom, PRIME - 2)) % PRIME;
}

function powerOf(base: number, exponent: number): number {
  let [result, square, n] = [1, base, exponent];
  while (n > 0) {
    if (n % 2 === 1) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
    n = Math.floor(n / 2);
  }
  return result;
}

function trim(coefficients: number[]): void {
  while (coefficients.length > 0 && coefficients.at(-1) === 0) coefficients.pop();
}

function degreeOfCommonDivisor(a: readonly number[], b: readonly number[]): number {
  let [high, low] = [[...a], [...b]];
  while (low.length > 0) {
    const inverse = powerOf(low.at(-1)!, PRIME - 2);
    while (high.length >= low.length) {
      const factor = (high.at(-1)! * inverse) % PRIME;
      const shift = high.length - low.length;
      for (const [i, c] of low.entries()) {
        const taken = (factor * c) % PRIME;
        high[i + shift] = (high[i + shift]! - taken + PRIME) % PRIME;
      }
      trim(high);
      if (high.length === 0) break;
    }
    [high, low] = [low, high];
  }
  return high.length - 1;
}
