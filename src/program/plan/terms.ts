import type { Node } from '../ir.js';
import type { CommutingBuilder } from './commuting.js';

/** A product: a number known now, factors, and what it is divided by. */
export interface Term {
  readonly coefficient: number;
  readonly factors: readonly Node[];
  readonly divisors: readonly Node[];
}

export const ONE: Term = { coefficient: 1, factors: [], divisors: [] };

export const single = (node: Node): Term => ({ coefficient: 1, factors: [node], divisors: [] });

export const negated = ({ coefficient, factors, divisors }: Term): Term => ({
  coefficient: -coefficient,
  factors,
  divisors,
});

/** How a value varies: with nothing, with columns (a row), with rows (a column), with both. */
export type Kind = typeof NUMBER | typeof ROW | typeof COLUMN | typeof MATRIX;
export const NUMBER = 0;
export const ROW = 1;
export const COLUMN = 2;
export const MATRIX = 3;

export function kindOf({ shape }: Node): Kind {
  if (shape[0] === 1) return shape[1] === 1 ? NUMBER : ROW;
  return shape[1] === 1 ? COLUMN : MATRIX;
}

/** The kind of a product: a row times a column is a matrix. */
export function kindOfTerm({ factors, divisors }: Term): Kind {
  let kind = 0;
  for (const node of factors) kind |= kindOf(node);
  for (const node of divisors) kind |= kindOf(node);
  return kind as Kind;
}

/** The part of a term that `takes` picks, without the coefficient; and the rest with it. */
export function split(term: Term, takes: (node: Node) => boolean): readonly [Term, Term] {
  const part = { coefficient: 1, factors: [] as Node[], divisors: [] as Node[] };
  const rest = { coefficient: term.coefficient, factors: [] as Node[], divisors: [] as Node[] };
  for (const node of term.factors) (takes(node) ? part : rest).factors.push(node);
  for (const node of term.divisors) (takes(node) ? part : rest).divisors.push(node);
  return [part, rest];
}

export const isEmpty = ({ factors, divisors }: Term): boolean =>
  factors.length === 0 && divisors.length === 0;

/** Equal for terms that differ by the coefficient only. */
export const keyOfTerm = ({ factors, divisors }: Term): string =>
  `${idsOf(factors)}/${idsOf(divisors)}`;

/** The same whatever the order. */
export function idsOf(nodes: readonly Node[]): string {
  if (nodes.length === 0) return '';
  if (nodes.length === 1) return String(nodes[0]!.id);
  const ids = nodes.map(({ id }) => id);
  return ids.sort((x, y) => x - y).join(',');
}

/** Of columns: the same as rows. */
export const turned = (b: CommutingBuilder, term: Term): Term => ({
  ...term,
  factors: term.factors.map((node) => b.transpose(node)),
  divisors: term.divisors.map((node) => b.transpose(node)),
});

/** A product of products. */
export function times(a: Term, b: Term): Term {
  return {
    coefficient: a.coefficient * b.coefficient,
    factors: joined(a.factors, b.factors),
    divisors: joined(a.divisors, b.divisors),
  };
}

function joined(a: readonly Node[], b: readonly Node[]): readonly Node[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b];
}

/**
 * The value of a term. Numbers are multiplied first, then with a vector if there is one, then vectors
 * with matrices: a matrix is touched as few times as can be, and never divided by numbers or vectors.
 */
export function product(b: CommutingBuilder, term: Term): Node {
  const { coefficient, factors, divisors } = term;
  if (divisors.length === 0 && factors.length === 1) {
    const [factor] = factors as [Node];
    if (coefficient === 1) return factor;
    const inner = multipleOf(factor, coefficient);
    if (inner) return product(b, inner);
  }
  return ofTwo(b, term) ?? ofMany(b, term);
}

/** What most products are, without further ado. */
function ofTwo(b: CommutingBuilder, { coefficient, factors, divisors }: Term): Node | undefined {
  if (coefficient !== 1 || divisors.length > 0 || factors.length !== 2) return undefined;
  const [x, y] = factors as [Node, Node];
  const kinds = kindOf(x) * 4 + kindOf(y);
  switch (kinds) {
    case NUMBER * 4 + NUMBER:
    case ROW * 4 + ROW:
    case MATRIX * 4 + MATRIX:
    case NUMBER * 4 + ROW:
    case NUMBER * 4 + MATRIX:
    case COLUMN * 4 + ROW:
    case MATRIX * 4 + ROW:
    case MATRIX * 4 + COLUMN:
      return b.multiply(x, y);
    case ROW * 4 + NUMBER:
    case MATRIX * 4 + NUMBER:
    case ROW * 4 + COLUMN:
    case ROW * 4 + MATRIX:
    case COLUMN * 4 + MATRIX:
      return b.multiply(y, x);
    default:
      return undefined;
  }
}

function ofMany(b: CommutingBuilder, term: Term): Node {
  const of = (kind: Kind): Term => split(term, (node) => kindOf(node) === kind)[0];
  const scale = { ...of(NUMBER), coefficient: term.coefficient };
  const [row, column, matrix] = [of(ROW), turned(b, of(COLUMN)), of(MATRIX)];
  if (isEmpty(row) && isEmpty(column)) {
    const whole = isEmpty(matrix) ? undefined : quotient(b, matrix);
    if (whole && isOne(scale)) return whole;
    const number = quotient(b, scale);
    return whole ? b.multiply(number, whole) : number;
  }
  // The shorter of two vectors takes the numbers.
  const takesScale =
    isEmpty(column) || (!isEmpty(row) && lengthOf(row) <= lengthOf(column)) ? row : column;
  const vector = (part: Term): Node | undefined =>
    isEmpty(part) ? undefined : scaled(b, part, part === takesScale ? scale : ONE);
  const [across, down] = [vector(row), vector(column)];
  const values = [
    isEmpty(matrix) ? undefined : quotient(b, matrix),
    down && b.transpose(down),
    across,
  ];
  return values.filter((value) => value !== undefined).reduce((x, y) => b.multiply(x, y));
}

/** c(dx) as x or -x where cd is 1 or -1: one way back and forth. */
function multipleOf({ operation, operands }: Node, coefficient: number): Term | undefined {
  const [constant, value] = operands;
  if (operation.op !== 'binary' || operation.fn !== 'multiply') return undefined;
  if (constant!.operation.op !== 'constant') return undefined;
  const both = coefficient * constant!.operation.value;
  return Math.abs(both) === 1 ? { ...single(value!), coefficient: both } : undefined;
}

const isOne = (scale: Term): boolean => scale.coefficient === 1 && isEmpty(scale);

const lengthOf = ({ factors, divisors }: Term): number =>
  Math.max(...[...factors, ...divisors].flatMap(({ shape }) => shape));

/** Vectors times numbers; divided by numbers only where there is nothing to multiply with. */
function scaled(b: CommutingBuilder, vectors: Term, scale: Term): Node {
  if (vectors.factors.length === 0 && !isOne(scale)) {
    return quotient(b, { ...vectors, factors: [quotient(b, scale)] });
  }
  const value = quotient(b, vectors);
  if (isOne(scale)) return value;
  const isDivision = scale.coefficient === 1 && scale.factors.length === 0;
  if (!isDivision) return b.multiply(quotient(b, scale), value);
  return b.binary(
    'divide',
    value,
    quotient(b, { ...scale, factors: scale.divisors, divisors: [] }),
  );
}

/** Factors over divisors. */
function quotient(b: CommutingBuilder, { coefficient, factors, divisors }: Term): Node {
  const all = (nodes: readonly Node[]): Node | undefined => {
    if (nodes.length < 3)
      return nodes.length === 0 ? undefined : nodes.reduce((x, y) => b.multiply(x, y));
    return b.once(`product ${idsOf(nodes)}`, () => nodes.reduce((x, y) => b.multiply(x, y)));
  };
  const above = all(factors);
  const below = all(divisors);
  const numerator = above ? b.multiply(b.constant(coefficient), above) : undefined;
  if (!below) return numerator ?? b.constant(coefficient);
  if (numerator) return b.binary('divide', numerator, below);
  return coefficient === 1
    ? b.unary('reciprocal', below)
    : b.binary('divide', b.constant(coefficient), below);
}
