import { functionAtom } from './atoms.js';
import { constant, constantOf, ofAtom } from './polynomial.js';
import * as Q from './rational.js';
import type { Polynomial, Rational } from './types.js';

/** A function of normal forms: a number where that is exact, else an atom. */
export function applyFunction(callee: string, args: readonly Polynomial[]): Polynomial {
  const sorted = callee === 'min' || callee === 'max' ? distinct(callee, args) : args;
  const numbers = sorted.map(constantOf);
  if (numbers.every((value) => value !== null)) {
    const value = exactly(callee, numbers);
    if (value) return constant(value);
  }
  if (sorted.length === 1 && sorted !== args) return sorted[0]!;
  return ofAtom(functionAtom(callee, sorted));
}

/** Sorted, equal ones once, numbers as one: min and max do not depend on order or repetition. */
function distinct(callee: string, args: readonly Polynomial[]): Polynomial[] {
  const byKey = new Map<string, Polynomial>();
  let number: Rational | null = null;
  for (const arg of args) {
    const value = constantOf(arg);
    if (value === null) byKey.set(arg.key, arg);
    else if (number === null) number = value;
    else number = callee === 'min' ? smaller(number, value) : larger(number, value);
  }
  const sorted = [...byKey.keys()].sort().map((key) => byKey.get(key)!);
  return number === null ? sorted : [...sorted, constant(number)];
}

function exactly(callee: string, values: readonly Rational[]): Rational | null {
  const [x, low, high] = values;
  if (!x) return null;
  switch (callee) {
    case 'abs':
      return Q.absolute(x);
    case 'sign':
      return Q.isZero(x) ? Q.ZERO : Q.isNegative(x) ? Q.MINUS_ONE : Q.ONE;
    case 'step':
      return Q.compare(x, Q.ZERO) > 0 ? Q.ONE : Q.ZERO;
    case 'relu':
      return larger(x, Q.ZERO);
    case 'min':
      return values.reduce(smaller);
    case 'max':
      return values.reduce(larger);
    case 'clip':
      return low && high ? larger(low, smaller(high, x)) : null;
    case 'exp':
      return Q.isZero(x) ? Q.ONE : null;
    case 'log':
      return Q.equals(x, Q.ONE) ? Q.ZERO : null;
    case 'tanh':
      return Q.isZero(x) ? Q.ZERO : null;
    case 'sigmoid':
      return Q.isZero(x) ? Q.rational(1, 2) : null;
    case 'sqrt':
      return exactRoot(x);
    default:
      return null;
  }
}

const smaller = (a: Rational, b: Rational): Rational => (Q.compare(a, b) <= 0 ? a : b);
const larger = (a: Rational, b: Rational): Rational => (Q.compare(a, b) >= 0 ? a : b);

function exactRoot(x: Rational): Rational | null {
  if (Q.isNegative(x)) return null;
  const [top, bottom] = [wholeRoot(x.numerator), wholeRoot(x.denominator)];
  return top === null || bottom === null ? null : Q.rational(top, bottom);
}

function wholeRoot(n: bigint): bigint | null {
  if (n < 2n) return n;
  let root = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root * root === n ? root : null;
    root = next;
  }
}
