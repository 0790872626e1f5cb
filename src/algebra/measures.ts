import type { Condition, Expression } from '../language/ast.js';
import { canonicalExpression } from './canonical.js';
import { degreeOf } from './degree.js';
import { insideOf } from './inside.js';
import type { Polynomial } from './types.js';

/** Measures of a term's canonical text, as `keep` bounds them (docs/language.md §12). */

/** How many names other than parameters, sums, functions and ifs its canonical text has. */
export function complexity(p: Polynomial): number {
  const parameters = new Set<string>();
  collectParameters(p, parameters);
  return complexityOf(canonicalExpression(p), parameters);
}

/** The same of an expression as it is written; `parameters` are the names that do not count. */
export function complexityOf(expression: Expression, parameters: ReadonlySet<string>): number {
  const of = (inner: Expression): number => complexityOf(inner, parameters);
  switch (expression.kind) {
    case 'number':
      return 0;
    case 'name':
      return expression.member === null && parameters.has(expression.name) ? 0 : 1;
    case 'negate':
      return of(expression.operand);
    case 'binary':
      return of(expression.left) + of(expression.right);
    case 'call':
      return expression.args.reduce((sum, arg) => sum + of(arg), 1);
    case 'if':
      return (
        1 + ofCondition(expression.condition, of) + of(expression.then) + of(expression.otherwise)
      );
  }
}

function ofCondition(condition: Condition, of: (e: Expression) => number): number {
  return condition.kind === 'compare'
    ? of(condition.left) + of(condition.right)
    : ofCondition(condition.left, of) + ofCondition(condition.right, of);
}

/**
 * The largest total degree of a monomial in signals and memory; a sum or function has that of its
 * inside. Divisors count as factors do.
 */
export function degree(p: Polynomial): number {
  return degreeOf(p);
}

/** The largest single exponent (of anything but a parameter), also inside sums and functions. */
export function power(p: Polynomial): number {
  let largest = 0;
  for (const { factors } of p.monomials) {
    for (const { atom, exponent } of factors) {
      if (atom.kind === 'parameter' || atom.kind === 'unit') continue;
      largest = Math.max(largest, Math.abs(exponent), ...insideOf(atom).map(power));
    }
  }
  return largest;
}

function collectParameters(p: Polynomial, into: Set<string>): void {
  for (const { factors } of p.monomials) {
    for (const { atom } of factors) {
      if (atom.kind === 'parameter') into.add(atom.name);
      for (const inner of insideOf(atom)) collectParameters(inner, into);
    }
  }
}
