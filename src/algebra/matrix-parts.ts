import type { Extent } from '../language/signals.js';
import { extentOf } from './atoms.js';
import {
  call,
  cases,
  count,
  diagonal,
  entrywise,
  isScalar,
  largest,
  type MatrixCondition,
  type MatrixExpression,
  number,
  ones,
  power,
  product,
  sum,
  symbol,
  transpose,
  triangle,
} from './matrix-expression.js';
import type { Factor } from './monomial.js';
import { negatePolynomial, polynomial } from './polynomial.js';
import * as Q from './rational.js';
import type { Atom, ConditionForm, Monomial, Polynomial } from './types.js';

/** Monomials of the normal form over whole populations. */

/** A monomial taken apart by what its factors vary over when every neuron is connected to every other. */
interface Parts {
  readonly scalars: readonly MatrixExpression[];
  readonly post: readonly Factor[];
  readonly pre: readonly Factor[];
  readonly synapse: readonly Factor[];
}

function partsOf(m: Monomial): Parts {
  const of = (extent: Extent): Factor[] =>
    m.factors.filter(({ atom }) => variesOver(atom) === extent);
  const scalars = of('global').map((factor) => raised(factor, scalarOf(factor.atom)));
  return {
    scalars: m.coefficient === Q.ONE ? scalars : [number(m.coefficient), ...scalars],
    post: of('post'),
    pre: of('pre'),
    synapse: of('synapse'),
  };
}

/** The sum over a neuron's inputs of what does not vary over the neurons is one number. */
function variesOver(atom: Atom): Extent {
  if (atom.kind !== 'reduction') return atom.extent;
  const inner = extentsIn(atom.inner);
  switch (atom.callee) {
    case 'sum_pre':
    case 'mean_pre':
    case 'max_pre':
      return inner.has('post') || inner.has('synapse') ? 'post' : 'global';
    case 'sum_post':
    case 'mean_post':
    case 'max_post':
      return inner.has('pre') || inner.has('synapse') ? 'pre' : 'global';
    case 'sum_upto_post':
      return inner.has('pre') || inner.has('synapse') ? 'synapse' : 'post';
    default:
      return atom.extent;
  }
}

function extentsIn(p: Polynomial): Set<Extent> {
  return new Set(p.monomials.flatMap((m) => m.factors.map(({ atom }) => variesOver(atom))));
}

function raised({ exponent }: Factor, base: MatrixExpression): MatrixExpression {
  return power(base, number(Q.rational(exponent)));
}

/** The sum of the monomials over synapses, as a matrix. */
export function matrixOf(p: Polynomial): MatrixExpression {
  return sum(p.monomials.map(matrixOfMonomial));
}

/** One monomial over all synapses: an outer product, or diagonal matrices around W. */
export function matrixOfMonomial(m: Monomial): MatrixExpression {
  const { scalars, post, pre, synapse } = partsOf(m);
  if (synapse.length === 0) return outerProduct(scalars, post, pre);
  const [only] = synapse;
  if (synapse.length === 1 && only?.exponent === 1 && isCumulative(only.atom)) {
    const inner = partsOf(only.atom.inner.monomials[0]!);
    const weighted = product([column(post, 'post'), transpose(column(inner.post, 'post'))]);
    const summed = [
      ...inner.scalars,
      triangle(weighted),
      ...aroundMatrix([], inner.synapse, inner.pre),
    ];
    return product([...scalars, ...summed, ...diagonals(pre)]);
  }
  return product([...scalars, ...aroundMatrix(post, synapse, pre)]);
}

type Reduced = Extract<Atom, { kind: 'reduction' }>;

const isCumulative = (atom: Atom): atom is Reduced =>
  atom.kind === 'reduction' && atom.callee === 'sum_upto_post';

function aroundMatrix(
  post: readonly Factor[],
  synapse: readonly Factor[],
  pre: readonly Factor[],
): MatrixExpression[] {
  const matrix =
    synapse.length > 0
      ? entrywise(synapse.map((factor) => raised(factor, matrixOfAtom(factor.atom))))
      : product([ones('post'), transpose(ones('pre'))]);
  return [...diagonals(post), matrix, ...diagonals(pre)];
}

/** The diagonal matrix of a product of columns; nothing for an empty product. */
function diagonals(factors: readonly Factor[]): MatrixExpression[] {
  const [first] = factors;
  if (!first) return [];
  if (factors.length === 1) return [raised(first, diagonal(columnOfAtom(first.atom)))];
  return [diagonal(entrywise(factors.map(columnOf)))];
}

/** post · preᵀ. A sum over synapses on either side becomes a product with the matrix: y (yᵀW). */
function outerProduct(
  scalars: readonly MatrixExpression[],
  post: readonly Factor[],
  pre: readonly Factor[],
): MatrixExpression {
  const backwards = throughMatrix(pre, 'sum_post');
  if (backwards) {
    const { inner, others } = backwards;
    const row = [
      ...inner.scalars,
      transpose(column(inner.post, 'post')),
      ...aroundMatrix([], inner.synapse, inner.pre),
    ];
    return product([...scalars, column(post, 'post'), ...row, ...diagonals(others)]);
  }
  const forwards = throughMatrix(post, 'sum_pre');
  if (forwards) {
    const { inner, others } = forwards;
    const sums = [
      ...inner.scalars,
      ...aroundMatrix(inner.post, inner.synapse, []),
      column(inner.pre, 'pre'),
    ];
    return product([...scalars, ...diagonals(others), ...sums, transpose(column(pre, 'pre'))]);
  }
  return product([...scalars, column(post, 'post'), transpose(column(pre, 'pre'))]);
}

function throughMatrix(
  factors: readonly Factor[],
  callee: string,
): { inner: Parts; others: Factor[] } | null {
  for (const factor of factors) {
    const { atom, exponent } = factor;
    if (exponent !== 1 || atom.kind !== 'reduction' || atom.callee !== callee) continue;
    const inner = partsOf(atom.inner.monomials[0]!);
    if (inner.synapse.length === 0) continue;
    return { inner, others: factors.filter((each) => each !== factor) };
  }
  return null;
}

/** The product of columns entry by entry; ones for an empty product. */
function column(factors: readonly Factor[], side: 'post' | 'pre'): MatrixExpression {
  return factors.length === 0 ? ones(side) : entrywise(factors.map(columnOf));
}

const columnOf = (factor: Factor): MatrixExpression => raised(factor, columnOfAtom(factor.atom));

/** A sum as a column of one population; numbers in it go with every entry. */
export function columnOfSum(p: Polynomial, side: 'post' | 'pre'): MatrixExpression {
  return sum(
    p.monomials.map((m) => {
      const { scalars, post, pre } = partsOf(m);
      return product([...scalars, column(side === 'post' ? post : pre, side)]);
    }),
  );
}

/** A sum of numbers. */
export function scalarOfSum(p: Polynomial): MatrixExpression {
  return sum(p.monomials.map((m) => product(partsOf(m).scalars)));
}

function columnOfAtom(atom: Atom): MatrixExpression {
  if (atom.kind !== 'reduction') return entriesOfAtom(atom);
  const { inner, callee } = atom;
  const side = variesOver(atom) === 'pre' ? 'pre' : 'post';
  if (callee.startsWith('max_')) {
    return largest(callee === 'max_pre' ? 'rows' : 'columns', matrixOf(inner));
  }
  if (callee === 'sum_upto_post') {
    const { scalars, post } = partsOf(inner.monomials[0]!);
    const weighted = product([ones('post'), transpose(column(post, 'post'))]);
    return product([...scalars, triangle(weighted), ones('post')]);
  }
  const { scalars, post, pre, synapse } = partsOf(inner.monomials[0]!);
  const along = side === 'post' ? pre : post;
  const others = side === 'post' ? post : pre;
  const other = side === 'post' ? 'pre' : 'post';
  const total = [...scalars, ...meanOf(callee, other)];
  if (synapse.length === 0) {
    return product([...total, totalOf(along, other), column(others, side)]);
  }
  const [matrix] = aroundMatrix([], synapse, []);
  const turned = side === 'post' ? matrix! : transpose(matrix!);
  return product([...total, ...diagonals(others), turned, column(along, other)]);
}

/** The divisor of a mean. */
function meanOf(callee: string, over: 'post' | 'pre'): MatrixExpression[] {
  return callee.startsWith('mean_') ? [power(count(over), number(Q.MINUS_ONE))] : [];
}

/** Σ over a population of a product of its columns: aᵀb, or the number of neurons. */
function totalOf(factors: readonly Factor[], side: 'post' | 'pre'): MatrixExpression {
  const [first, ...others] = factors;
  if (!first) return count(side);
  const lifted = throughMatrix(factors, side === 'post' ? 'sum_pre' : 'sum_post');
  if (lifted) {
    const { inner, others: rest } = lifted;
    const [post, pre] =
      side === 'post'
        ? [[...rest, ...inner.post], inner.pre]
        : [inner.post, [...rest, ...inner.pre]];
    return product([...inner.scalars, bilinear(post, inner.synapse, pre)]);
  }
  if (others.length === 0 && first.exponent === 1) {
    return product([transpose(ones(side)), columnOf(first)]);
  }
  const [left, right] =
    first.exponent > 1
      ? [{ ...first, exponent: 1 }, [{ ...first, exponent: first.exponent - 1 }, ...others]]
      : [first, others];
  if (right.length === 0) return product([transpose(ones(side)), columnOf(left)]);
  return product([transpose(columnOf(left)), column(right, side)]);
}

/** aᵀ S b: a sum over all synapses. */
function bilinear(
  post: readonly Factor[],
  synapse: readonly Factor[],
  pre: readonly Factor[],
): MatrixExpression {
  const [matrix] = aroundMatrix([], synapse, []);
  return product([transpose(column(post, 'post')), matrix!, column(pre, 'pre')]);
}

/** What does not vary from synapse to synapse. */
function scalarOf(atom: Atom): MatrixExpression {
  if (atom.kind !== 'reduction') return entriesOfAtom(atom);
  const { callee, inner, range } = atom;
  if (callee === 'max_all') return largest('all', entriesOver(inner, range));
  if (callee === 'sum_all' || callee === 'mean_all') {
    const total = sum(inner.monomials.map((m) => totalOver(m, range)));
    if (callee === 'sum_all') return total;
    const counts = [
      ...(range === 'pre' ? [] : meanOf(callee, 'post')),
      ...(range === 'post' ? [] : meanOf(callee, 'pre')),
    ];
    return product([...counts, total]);
  }
  const side = callee.endsWith('_pre') ? 'pre' : 'post';
  if (callee.startsWith('max_')) return largest('all', columnOfSum(inner, side));
  const { scalars, post, pre } = partsOf(inner.monomials[0]!);
  return product([...scalars, ...meanOf(callee, side), totalOf(side === 'pre' ? pre : post, side)]);
}

function totalOver(m: Monomial, range: Extent): MatrixExpression {
  const { scalars, post, pre, synapse } = partsOf(m);
  if (range === 'post') return product([...scalars, totalOf(post, 'post')]);
  if (range === 'pre') return product([...scalars, totalOf(pre, 'pre')]);
  if (synapse.length > 0) return product([...scalars, bilinear(post, synapse, pre)]);
  return product([...scalars, totalOf(post, 'post'), totalOf(pre, 'pre')]);
}

/** Everything but sums: symbols, functions, brackets, powers; of the shape of its extent. */
function entriesOfAtom(atom: Exclude<Atom, { kind: 'reduction' }>): MatrixExpression {
  switch (atom.kind) {
    case 'signal':
    case 'parameter':
    case 'memory':
    case 'unit':
      return symbol(atom);
    case 'conditional':
      return cases(
        conditionOver(atom.condition, atom.extent),
        argument(atom.then, atom.extent),
        argument(atom.otherwise, atom.extent),
      );
    case 'group':
      return entriesOver(atom.inner, atom.extent);
    case 'power':
      return power(entriesOver(atom.base, atom.extent), argument(atom.exponent, atom.extent));
    case 'function': {
      const shape = entriesOver({ monomials: [], key: '' }, atom.extent);
      return call(
        atom.callee,
        atom.args.map((arg) => argument(arg, atom.extent)),
        shape,
      );
    }
  }
}

/** What is subtracted goes to the other side: y > max(y), not y - max(y) > 0. */
function conditionOver(condition: ConditionForm, extent: Extent): MatrixCondition {
  if (condition.kind !== 'positive') {
    const { kind, parts } = condition;
    return { kind, parts: parts.map((each) => conditionOver(each, extent)) };
  }
  const { orEqual, value } = condition;
  const side = (negative: boolean): Polynomial => {
    const part = value.monomials.filter((m) => Q.isNegative(m.coefficient) === negative);
    return negative ? negatePolynomial(polynomial(part)) : polynomial(part);
  };
  const [above, below] = [side(false), side(true)];
  if (above.monomials.length === 0) {
    const [left, right] = [argument(below, extent), number(Q.ZERO)];
    return { kind: orEqual ? '<=' : '<', left, right };
  }
  const right = below.monomials.length === 0 ? number(Q.ZERO) : argument(below, extent);
  const left = argument(above, extent);
  // What varies comes first: y <= high, not high >= y.
  if (isScalar(left) && !isScalar(right)) {
    return { kind: orEqual ? '<=' : '<', left: right, right: left };
  }
  return { kind: orEqual ? '>=' : '>', left, right };
}

function argument(p: Polynomial, extent: Extent): MatrixExpression {
  return extentOf(p) === 'global' ? scalarOfSum(p) : entriesOver(p, extent);
}

function entriesOver(p: Polynomial, extent: Extent): MatrixExpression {
  if (p.monomials.length === 0) {
    if (extent === 'global') return number(Q.ZERO);
    if (extent === 'synapse') return { ...product([ones('post'), transpose(ones('pre'))]) };
    return ones(extent);
  }
  if (extent === 'global') return scalarOfSum(p);
  return extent === 'synapse' ? matrixOf(p) : columnOfSum(p, extent);
}

function matrixOfAtom(atom: Atom): MatrixExpression {
  if (atom.kind !== 'reduction') return entriesOfAtom(atom);
  return matrixOfMonomial({
    coefficient: Q.ONE,
    factors: [{ atom, exponent: 1 }],
    key: atom.key,
    extent: atom.extent,
  });
}
