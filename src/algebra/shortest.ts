import type { Expression } from '../language/ast.js';
import { visit, withParts } from '../language/check/walk.js';
import type { Scope } from '../language/checked.js';
import { printExpression } from '../language/print.js';
import { named } from './build-expression.js';
import { canonicalExpression } from './canonical.js';
import { equal } from './equal.js';
import { mathjs } from './mathjs-load.js';
import { readMathjsNames } from './mathjs-read.js';
import { normalForm } from './normal-form.js';

/** mathjs takes 10 ms for a short rule and minutes for a long one. */
const MOST_NODES = 30;

/** The distributive law backwards, and powers; n stands for anything, c for a number. */
const RULES = [
  'n1*n2 + n1*n3 -> n1*(n2 + n3)',
  'n1*n2 - n1*n3 -> n1*(n2 - n3)',
  'n1*n2 + n1 -> n1*(n2 + 1)',
  'n1*n1 -> n1^2',
  'n1^c1*n1 -> n1^(c1 + 1)',
  '-n1*n2 -> -(n1*n2)',
  'n1 + -n2 -> n1 - n2',
];

/**
 * The shortest text known for an expression: its canonical form, or what `simplify` of mathjs makes
 * of that, where that is shorter and equal by our own algebra. Sums and functions are one symbol
 * each to mathjs, and long expressions are not given to it.
 * Throws an `EngrammarError` where there is no normal form.
 */
export function shortest(expression: Expression, scope: Scope): Expression {
  const form = normalForm(expression, scope);
  const canonical = canonicalExpression(form);
  const simplified = simplifiedByMathjs(canonical);
  if (!simplified) return canonical;
  const shorter = printExpression(simplified).length < printExpression(canonical).length;
  return shorter && equal(normalForm(simplified, scope), form) ? simplified : canonical;
}

/** null where mathjs was not asked or did not answer with an expression of the language. */
function simplifiedByMathjs(expression: Expression): Expression | null {
  const symbols = new Map<string, Expression>();
  const hidden = hide(expression, symbols);
  if (!hidden || sizeOf(hidden) > MOST_NODES) return null;
  const text = simplifiedText(printExpression(hidden));
  if (text === null) return null;
  const names = new Map([...symbols.keys()].map((name) => [name, name]));
  const read = readMathjsNames({ name: 'simplified', text }, names);
  if (!read.ok) return null;
  const restore = (node: Expression): Expression =>
    node.kind === 'name' ? (symbols.get(node.name) ?? node) : withParts(node, restore);
  return restore(read.value);
}

function simplifiedText(text: string): string | null {
  try {
    const { simplify } = mathjs();
    return simplify(text, [...RULES, ...simplify.rules], {}, { exactFractions: false }).toString();
  } catch {
    // Whatever mathjs stumbles over, the canonical text stands.
    return null;
  }
}

/** Names, sums, functions and numbers with units become symbols s1, s2, …. */
function hide(expression: Expression, symbols: Map<string, Expression>): Expression | null {
  const known = new Map<string, Expression>();
  let sayable = true;
  const walk = (node: Expression): Expression => {
    if (node.kind === 'if') sayable = false;
    const plain = node.kind === 'number' && node.measure.unit === null && !node.measure.per.length;
    if (plain || node.kind === 'binary' || node.kind === 'negate') return withParts(node, walk);
    const text = printExpression(node);
    let symbol = known.get(text);
    if (!symbol) {
      symbol = named(`s${known.size + 1}`);
      known.set(text, symbol);
      symbols.set(`s${known.size}`, node);
    }
    return symbol;
  };
  const hidden = walk(expression);
  return sayable ? hidden : null;
}

function sizeOf(expression: Expression): number {
  let size = 0;
  visit(expression, () => {
    size += 1;
  });
  return size;
}
