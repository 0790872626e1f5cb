import type { Node } from '../ir.js';
import type { CommutingBuilder } from './commuting.js';
import {
  COLUMN,
  idsOf,
  isEmpty,
  type Kind,
  keyOfTerm,
  kindOf,
  kindOfTerm,
  MATRIX,
  NUMBER,
  negated,
  ONE,
  product,
  ROW,
  single,
  split,
  type Term,
  times,
  turned,
} from './terms.js';

/**
 * The sum of terms, those that share their vectors or matrices collected: `a*x + b*x` is `(a + b)*x`,
 * `u*v + u*w` with a column u is `u*(v + w)`. Numbers are added to numbers and vectors to vectors before
 * they meet a matrix.
 */
export function sumOf(b: CommutingBuilder, terms: readonly Term[]): Node {
  return product(b, signedSum(b, terms));
}

/** As a term: a sum whose parts are all negative is the negative of a sum. */
function signedSum(b: CommutingBuilder, terms: readonly Term[]): Term {
  const collected = collect(b, terms);
  if (collected.length === 1) return collected[0]!;
  const isNegative = collected.every(({ coefficient }) => coefficient < 0);
  const sum = total(b, isNegative ? collected.map(negated) : collected);
  return isNegative ? negated(single(sum)) : single(sum);
}

function total(b: CommutingBuilder, terms: readonly Term[]): Node {
  const kinds = terms.map(kindOfTerm);
  if (kinds[0] !== COLUMN && kinds.every((kind) => kind === kinds[0])) return added(b, terms);
  const of = (kind: Kind): Term[] => terms.filter((_, k) => kinds[k] === kind);
  const [numbers, rows, columns, matrices] = [of(NUMBER), of(ROW), of(COLUMN), of(MATRIX)];
  // Numbers join one of the vectors.
  if (rows.length > 0) rows.push(...numbers);
  else if (columns.length > 0) columns.push(...numbers);
  else return added(b, [...matrices, ...numbers]);
  if (matrices.length === 0 && columns.length === 0) return added(b, rows);
  const down = columns.map((term) => turned(b, term));
  if (matrices.length === 0 && rows.length === 0) return b.transpose(added(b, down));
  const across = rows.length > 0 ? [signedSum(b, rows)] : [];
  const sum = down.length > 0 && signedSum(b, down);
  return added(b, [...matrices, ...across, ...(sum ? [turned(b, sum)] : [])]);
}

/**
 * Values first, then products: each is then one operation where a machine multiplies and adds at once.
 * Negative ones are subtracted.
 */
function added(b: CommutingBuilder, terms: readonly Term[]): Node {
  const isValue = ({ coefficient, factors, divisors }: Term): boolean =>
    factors.length === 1 && divisors.length === 0 && Math.abs(coefficient) === 1;
  const ordered = [...terms.filter(isValue), ...terms.filter((term) => !isValue(term))];
  const plus: Node[] = [];
  const minus: Node[] = [];
  for (const term of ordered) {
    if (term.coefficient < 0) minus.push(product(b, negated(term)));
    else plus.push(product(b, term));
  }
  return b.once(`sum ${idsOf(plus)}-${idsOf(minus)}`, () => {
    const start = b.total(plus);
    if (!start) return b.unary('negate', b.total(minus)!);
    return minus.reduce((sum, node) => b.subtract(sum, node), start);
  });
}

/** What differs among terms that are collected: numbers, or vectors of one kind. */
const VARYING = [
  (node: Node) => kindOf(node) === NUMBER,
  (node: Node) => kindOf(node) === NUMBER || kindOf(node) === ROW,
  (node: Node) => kindOf(node) === NUMBER || kindOf(node) === COLUMN,
];

function collect(b: CommutingBuilder, terms: readonly Term[]): readonly Term[] {
  if (!shareFactors(terms)) return terms;
  const collected = VARYING.reduce((left, varies) => collectBy(b, left, varies), equalOnes(terms));
  // Vectors with the same number are added first; with matrices vectors take the number.
  const isMatrix = (term: Term): boolean => kindOfTerm(term) === MATRIX;
  const vectors = collected.filter((term) => !isMatrix(term));
  return [
    ...collected.filter(isMatrix),
    ...collectBy(b, vectors, (node) => kindOf(node) !== NUMBER),
  ];
}

function shareFactors(terms: readonly Term[]): boolean {
  const seen = new Set<Node>();
  for (const { factors, divisors } of terms) {
    for (const node of factors) if (seen.size === seen.add(node).size) return true;
    for (const node of divisors) if (seen.size === seen.add(node).size) return true;
  }
  return false;
}

/** x + x is 2x. What would vanish stays: it might be infinite. */
function equalOnes(terms: readonly Term[]): readonly Term[] {
  return [...grouped(terms, keyOfTerm).values()].flatMap((group) => {
    const coefficient = group.reduce((sum, term) => sum + term.coefficient, 0);
    return coefficient === 0 ? group : [{ ...group[0]!, coefficient }];
  });
}

/** Terms that differ only in what varies become one. */
function collectBy(
  b: CommutingBuilder,
  terms: readonly Term[],
  varies: (node: Node) => boolean,
): readonly Term[] {
  if (terms.length === 1) return terms;
  const parts = new Map(terms.map((term) => [term, split(term, varies)]));
  // A value of its own stays: in single precision 1 - c is rounded where c is exact.
  const groups = grouped(terms, (term) => {
    const [part, rest] = parts.get(term)!;
    return isEmpty(part) || isEmpty(rest) ? null : keyOfTerm(rest);
  });
  if (groups.size === terms.length) return terms;
  return [...groups.values()].map((group) => {
    const [first] = group;
    if (group.length === 1) return first!;
    const varying = group.map((term) => ({
      ...parts.get(term)![0],
      coefficient: term.coefficient,
    }));
    const [, rest] = parts.get(first!)!;
    return times({ ...rest, coefficient: ONE.coefficient }, signedSum(b, varying));
  });
}

/** In the order of the first of each group; those without a key alone. */
function grouped(
  terms: readonly Term[],
  keyOf: (term: Term) => string | null,
): ReadonlyMap<Term | string, readonly Term[]> {
  const groups = new Map<Term | string, Term[]>();
  for (const term of terms) {
    const key = keyOf(term) ?? term;
    const group = groups.get(key);
    if (group) group.push(term);
    else groups.set(key, [term]);
  }
  return groups;
}
