import { overOneDivisor } from './divide.js';
import { niceScale } from './laurent.js';
import { multiplyOut, scalePolynomial, subtractPolynomials } from './polynomial.js';
import type { Polynomial } from './types.js';

/**
 * Equality. Two normal forms are equal when their difference, brought over one divisor, has
 * numerator 0: complete for rational functions of the atoms. Atoms themselves (functions, sums,
 * powers that are not whole) are equal when their arguments have the same normal form.
 */
export function isZero(p: Polynomial): boolean {
  if (p.monomials.length === 0) return true;
  return overOneDivisor(p).numerator.monomials.length === 0;
}

export function equal(a: Polynomial, b: Polynomial): boolean {
  return a.key === b.key || isZero(subtractPolynomials(a, b));
}

/** Whether a = c · b for a number c other than 0; 0 only goes with 0. */
export function equalUpToFactor(a: Polynomial, b: Polynomial): boolean {
  if (scaledKey(a) === scaledKey(b)) return true;
  const [over, under] = [overOneDivisor(a), overOneDivisor(b)];
  if (over.numerator.monomials.length === 0 || under.numerator.monomials.length === 0) {
    return over.numerator.monomials.length === under.numerator.monomials.length;
  }
  if (!over.divisors && !under.divisors) return false;
  // N / D = c · M / E exactly when N · E = c · M · D; a divisor times its inverse is 1.
  const [x, y] = [crossed(a, b), crossed(b, a)];
  return x !== null && y !== null && scaledKey(x) === scaledKey(y);
}

/** The numerator of `a` over the product of both divisors. */
function crossed(a: Polynomial, b: Polynomial): Polynomial | null {
  const { numerator } = overOneDivisor(a);
  const { divisors } = overOneDivisor(b);
  if (!divisors) return numerator;
  let product: Polynomial | null = numerator;
  for (const { atom, exponent } of divisors.factors) {
    if (atom.kind !== 'group') continue;
    for (let k = exponent; k < 0 && product; k++) product = multiplyOut(product, atom.inner);
  }
  return product;
}

/** The same for polynomials that differ by a factor which is a number: the key of a fixed multiple. */
export function scaledKey(p: Polynomial): string {
  return p.monomials.length === 0 ? p.key : scalePolynomial(p, niceScale(p)).key;
}
