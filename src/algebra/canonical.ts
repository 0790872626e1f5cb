import type { Expression } from '../language/ast.js';
import { printExpression } from '../language/print.js';
import { absorbFractions } from './absorb.js';
import { measured } from './build-expression.js';
import { joinConditionals } from './join-conditionals.js';
import { type Part, partsOf } from './parts.js';
import type { Polynomial } from './types.js';
import { writeSum } from './write.js';

/**
 * The normal form as an expression for people: common factors pulled out, products of sums where
 * there are any, else parts that share number and parameters; positive parts first. It depends on
 * the normal form alone, so equal rules print the same, and it has this normal form again.
 */
export function canonicalExpression(p: Polynomial): Expression {
  if (p.monomials.length === 0) return measured('0');
  return writeSum(partsForPeople(p), canonicalExpression);
}

/** What is added up in the canonical text of a sum that is not 0. */
export function partsForPeople(p: Polynomial): Part[] {
  return partsOf(absorbFractions(joinConditionals(p)));
}

export function canonicalText(p: Polynomial): string {
  return printExpression(canonicalExpression(p));
}
