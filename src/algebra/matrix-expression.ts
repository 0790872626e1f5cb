import type { Measure } from '../language/ast.js';
import * as Q from './rational.js';
import type { Atom, Rational } from './types.js';

/**
 * What a rule is over whole populations: sums and products of vectors and matrices. Quantities of a
 * population are column vectors; W and what has a value per synapse are matrices with a row per
 * postsynaptic and a column per presynaptic neuron. Every postsynaptic neuron is taken to be
 * connected to every presynaptic one.
 */

/** What holds or not for each entry. */
export type MatrixCondition =
  | {
      readonly kind: '<' | '>' | '<=' | '>=';
      readonly left: MatrixExpression;
      readonly right: MatrixExpression;
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly MatrixCondition[] };

/** How many rows or columns there are: one, or one per neuron of a population. */
export type Size = 'one' | 'post' | 'pre';

export interface Shape {
  readonly rows: Size;
  readonly columns: Size;
}

export type MatrixExpression = Shape &
  (
    | { readonly kind: 'number'; readonly value: Rational }
    /** A number with its unit, as written. */
    | { readonly kind: 'measure'; readonly measure: Measure }
    /** A signal, memory, parameter or base unit. */
    | { readonly kind: 'symbol'; readonly atom: Extract<Atom, { name: string }> }
    /** A column of ones. */
    | { readonly kind: 'ones' }
    /** The number of neurons of a population. */
    | { readonly kind: 'count'; readonly of: 'post' | 'pre' }
    | { readonly kind: 'sum'; readonly parts: readonly MatrixExpression[] }
    /** A matrix product; scalars come first. */
    | { readonly kind: 'product'; readonly factors: readonly MatrixExpression[] }
    | { readonly kind: 'transpose'; readonly inner: MatrixExpression }
    /** The diagonal matrix of a column. */
    | { readonly kind: 'diagonal'; readonly inner: MatrixExpression }
    /** What is on and below the diagonal. */
    | { readonly kind: 'triangle'; readonly inner: MatrixExpression }
    /** Entry by entry. */
    | { readonly kind: 'entrywise'; readonly factors: readonly MatrixExpression[] }
    /** Entry by entry; of a diagonal matrix that is its power too. */
    | {
        readonly kind: 'power';
        readonly base: MatrixExpression;
        readonly exponent: MatrixExpression;
      }
    /** Entry by entry; scalars among the arguments go with every entry. */
    | { readonly kind: 'call'; readonly callee: string; readonly args: readonly MatrixExpression[] }
    /** Entry by entry; scalars go with every entry. */
    | {
        readonly kind: 'cases';
        readonly condition: MatrixCondition;
        readonly then: MatrixExpression;
        readonly otherwise: MatrixExpression;
      }
    /** The largest entry of each row, of each column (as a column), or of all. */
    | {
        readonly kind: 'largest';
        readonly of: 'rows' | 'columns' | 'all';
        readonly inner: MatrixExpression;
      }
  );

const SCALAR: Shape = { rows: 'one', columns: 'one' };

export const isScalar = ({ rows, columns }: Shape): boolean => rows === 'one' && columns === 'one';

export function number(value: Rational): MatrixExpression {
  return { kind: 'number', value, ...SCALAR };
}

const ONE = number(Q.ONE);

export function measure(written: Measure): MatrixExpression {
  return { kind: 'measure', measure: written, ...SCALAR };
}

export function symbol(atom: Extract<Atom, { name: string }>): MatrixExpression {
  const rows = atom.extent === 'global' ? 'one' : atom.extent === 'pre' ? 'pre' : 'post';
  return { kind: 'symbol', atom, rows, columns: atom.extent === 'synapse' ? 'pre' : 'one' };
}

export function ones(side: 'post' | 'pre'): MatrixExpression {
  return { kind: 'ones', rows: side, columns: 'one' };
}

export function count(side: 'post' | 'pre'): MatrixExpression {
  return { kind: 'count', of: side, ...SCALAR };
}

/** At least one part, all of one shape. */
export function sum(parts: readonly MatrixExpression[]): MatrixExpression {
  const flat = parts.flatMap((part) => (part.kind === 'sum' ? part.parts : [part]));
  const [first = number(Q.ZERO)] = flat;
  return flat.length <= 1
    ? first
    : { kind: 'sum', parts: flat, rows: first.rows, columns: first.columns };
}

/**
 * Products are flattened, scalars come first and numbers are multiplied. An inner product stays by
 * itself: (aᵀ b) W is not aᵀ (b W).
 */
export function product(factors: readonly MatrixExpression[]): MatrixExpression {
  const flat = factors.flatMap((each) =>
    each.kind === 'product' && !isInnerProduct(each) ? each.factors : [each],
  );
  let coefficient = Q.ONE;
  for (const each of flat)
    if (each.kind === 'number') coefficient = Q.multiply(coefficient, each.value);
  const scalars = flat.filter((each) => isScalar(each) && each.kind !== 'number');
  const matrices = flat.filter((each) => !isScalar(each));
  const all = [...(coefficient === Q.ONE ? [] : [number(coefficient)]), ...scalars, ...matrices];
  const [first = ONE] = all;
  if (all.length <= 1) return first;
  const shaped =
    matrices.length === 0 ? SCALAR : { rows: matrices[0]!.rows, columns: matrices.at(-1)!.columns };
  return { kind: 'product', factors: all, ...shaped };
}

function isInnerProduct(each: Extract<MatrixExpression, { kind: 'product' }>): boolean {
  return isScalar(each) && !each.factors.every(isScalar);
}

export function transpose(inner: MatrixExpression): MatrixExpression {
  if (isScalar(inner)) return inner;
  if (inner.kind === 'transpose') return inner.inner;
  return { kind: 'transpose', inner, rows: inner.columns, columns: inner.rows };
}

export function diagonal(inner: MatrixExpression): MatrixExpression {
  return { kind: 'diagonal', inner, rows: inner.rows, columns: inner.rows };
}

export function triangle(inner: MatrixExpression): MatrixExpression {
  return { kind: 'triangle', inner, rows: inner.rows, columns: inner.columns };
}

/** At least one factor, all of one shape. */
export function entrywise(factors: readonly MatrixExpression[]): MatrixExpression {
  const [first = ONE] = factors;
  if (factors.length <= 1) return first;
  return { kind: 'entrywise', factors, rows: first.rows, columns: first.columns };
}

export function power(base: MatrixExpression, exponent: MatrixExpression): MatrixExpression {
  if (exponent.kind === 'number' && exponent.value === Q.ONE) return base;
  return { kind: 'power', base, exponent, rows: base.rows, columns: base.columns };
}

export function call(
  callee: string,
  args: readonly MatrixExpression[],
  shape: Shape,
): MatrixExpression {
  return { kind: 'call', callee, args, rows: shape.rows, columns: shape.columns };
}

/** Of the shape of the first part that is no number. */
export function cases(
  condition: MatrixCondition,
  then: MatrixExpression,
  otherwise: MatrixExpression,
): MatrixExpression {
  const parts = [then, otherwise, ...comparedIn(condition)];
  const { rows, columns } = parts.find((each) => !isScalar(each)) ?? SCALAR;
  return { kind: 'cases', condition, then, otherwise, rows, columns };
}

function comparedIn(condition: MatrixCondition): readonly MatrixExpression[] {
  return 'parts' in condition
    ? condition.parts.flatMap(comparedIn)
    : [condition.left, condition.right];
}

export function largest(of: 'rows' | 'columns' | 'all', inner: MatrixExpression): MatrixExpression {
  const rows = of === 'all' ? 'one' : of === 'rows' ? inner.rows : inner.columns;
  return { kind: 'largest', of, inner, rows, columns: 'one' };
}

/**
 * Whether a function, power or product entry by entry contains a matrix with the same number
 * everywhere, as f(W - c \mathbf{1} \mathbf{1}^\top) does: about one synapse that is easier to read.
 */
export function hasConstantInside(e: MatrixExpression, inside = false): boolean {
  const any = (parts: readonly MatrixExpression[], deeper = inside): boolean =>
    parts.some((part) => hasConstantInside(part, deeper));
  switch (e.kind) {
    case 'product':
      return (inside && isConstantMatrix(e)) || any(e.factors);
    case 'sum':
      return any(e.parts);
    case 'entrywise':
      return any(e.factors, true);
    case 'power':
      return any([e.base, e.exponent], true);
    case 'call':
      return any(e.args, true);
    case 'cases':
      return any([e.then, e.otherwise, ...comparedIn(e.condition)], true);
    case 'transpose':
    case 'diagonal':
    case 'triangle':
    case 'largest':
      return hasConstantInside(e.inner, inside);
    default:
      return false;
  }
}

/** 1 1ᵀ, with numbers in front. */
function isConstantMatrix({ factors }: Extract<MatrixExpression, { kind: 'product' }>): boolean {
  const [left, right, ...others] = factors.filter((each) => !isScalar(each));
  return (
    left?.kind === 'ones' &&
    right?.kind === 'transpose' &&
    right.inner.kind === 'ones' &&
    others.length === 0
  );
}
