import { compareAtoms } from './atoms.js';
import { divideMonomials, type Factor, monomial, powerMonomial } from './monomial.js';
import { polynomial, scalePolynomial } from './polynomial.js';
import * as Q from './rational.js';
import type { Monomial, Polynomial, Rational } from './types.js';

/** Degrees and coefficients beyond these are not searched for rational roots. */
const HIGHEST_DEGREE = 12;
const LARGEST_COEFFICIENT = 1_000_000n;

/**
 * The factors u − r of a sum that is a polynomial in one monomial u (such as w, or post / pre in a
 * sum whose terms all have the same degree), for its rational roots r. Written with exponents ≥ 0.
 */
export function linearFactors(p: Polynomial): Polynomial[] {
  if (p.monomials.length < 2) return [];
  const line = alongLine(p);
  if (!line || line.degree < 2 || line.degree > HIGHEST_DEGREE) return [];
  const coefficients = wholeCoefficients(line.coefficients);
  if (!coefficients) return [];
  return rationalRoots(coefficients).map((root) => linear(line.direction, root));
}

interface Line {
  /** The monomial u, coefficient 1; may have exponents of both signs. */
  readonly direction: Monomial;
  readonly degree: number;
  /** Of u^0, u^1, … */
  readonly coefficients: readonly Rational[];
}

function alongLine(p: Polynomial): Line | null {
  const first = p.monomials[0]!;
  const steps = p.monomials.map((m) => exponentsOf(divideMonomials(m, first)));
  const reference = steps.find((step) => step.length > 0);
  if (!reference) return null;
  const common = reference.reduce((g, { exponent }) => greatest(g, Math.abs(exponent)), 0);
  const unit = reference.map(({ atom, exponent }) => ({ atom, exponent: exponent / common }));
  const places: number[] = [];
  for (const step of steps) {
    const place = multipleOf(unit, step);
    if (place === null) return null;
    places.push(place);
  }
  const lowest = Math.min(...places);
  const degree = Math.max(...places) - lowest;
  if (degree > HIGHEST_DEGREE) return null;
  const coefficients: Rational[] = Array.from({ length: degree + 1 }, () => Q.ZERO);
  for (const [i, place] of places.entries()) {
    coefficients[place - lowest] = p.monomials[i]!.coefficient;
  }
  return { direction: monomial(Q.ONE, unit), degree, coefficients };
}

const exponentsOf = (m: Monomial): readonly Factor[] => m.factors;

const greatest = (a: number, b: number): number => (b === 0 ? a : greatest(b, a % b));

/** k with step = k · unit, or null. */
function multipleOf(unit: readonly Factor[], step: readonly Factor[]): number | null {
  if (step.length === 0) return 0;
  if (step.length !== unit.length) return null;
  const k = step[0]!.exponent / unit[0]!.exponent;
  const all = step.every(
    ({ atom, exponent }, i) =>
      compareAtoms(atom, unit[i]!.atom) === 0 && exponent === k * unit[i]!.exponent,
  );
  return all && Number.isInteger(k) ? k : null;
}

function wholeCoefficients(values: readonly Rational[]): bigint[] | null {
  const bottom = values.reduce((product, { denominator }) => {
    const shared = Q.greatestCommonDivisor(product, denominator);
    return (product / shared) * denominator;
  }, 1n);
  const whole = values.map(({ numerator, denominator }) => (numerator * bottom) / denominator);
  const common = whole.reduce(Q.greatestCommonDivisor, 0n);
  const least = whole.map((value) => value / common);
  const [low, high] = [magnitude(least[0]!), magnitude(least.at(-1)!)];
  return low > LARGEST_COEFFICIENT || high > LARGEST_COEFFICIENT ? null : least;
}

const magnitude = (n: bigint): bigint => (n < 0n ? -n : n);

/** Roots of Σ c_k x^k: a / b with a a divisor of the first and b one of the last coefficient. */
function rationalRoots(coefficients: readonly bigint[]): Rational[] {
  const found = new Map<string, Rational>();
  const tops = divisorsOf(Number(magnitude(coefficients[0]!)));
  const bottoms = divisorsOf(Number(magnitude(coefficients.at(-1)!)));
  if (tops.length * bottoms.length > 2000) return [];
  for (const bottom of bottoms) {
    for (const top of tops) {
      for (const sign of [1, -1]) {
        const root = Q.rational(sign * top, bottom);
        if (!found.has(Q.textOf(root)) && isRoot(coefficients, BigInt(sign * top), BigInt(bottom)))
          found.set(Q.textOf(root), root);
      }
    }
  }
  return [...found.values()].sort(Q.compare);
}

function isRoot(coefficients: readonly bigint[], top: bigint, bottom: bigint): boolean {
  let value = 0n;
  let scale = 1n;
  for (let k = coefficients.length - 1; k >= 0; k--) {
    value = value * top + coefficients[k]! * scale;
    scale *= bottom;
  }
  return value === 0n;
}

function divisorsOf(n: number): number[] {
  const found: number[] = [];
  for (let d = 1; d * d <= n; d++) if (n % d === 0) found.push(d, n / d);
  return found;
}

/** u − r, multiplied by what makes its exponents ≥ 0. */
function linear(direction: Monomial, root: Rational): Polynomial {
  const below = direction.factors.filter(({ exponent }) => exponent < 0);
  const clear = powerMonomial(monomial(Q.ONE, below), -1);
  const [top] = scalePolynomial(polynomial([clear]), Q.negate(root)).monomials;
  const lead = divideMonomials(direction, powerMonomial(clear, -1));
  return polynomial(top ? [lead, top] : [lead]);
}
