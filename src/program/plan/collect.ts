import type { GraphBuilder } from '../builder.js';
import type { Node } from '../ir.js';
import {
  isEmpty,
  type Kind,
  keyOfTerm,
  kindOf,
  kindOfTerm,
  negated,
  product,
  single,
  split,
  type Term,
  times,
} from './terms.js';

/**
 * The sum of terms, those that share their vectors or matrices collected: `a*x + b*x` is `(a + b)*x`,
 * `u*v + u*w` with a column u is `u*(v + w)`. Numbers are added to numbers and vectors to vectors before
 * they meet a matrix, and what is read from memory comes last: small changes add up before they meet
 * what they change.
 */
export function sumOf(b: GraphBuilder, terms: readonly Term[]): Node {
  const collected = collect(b, terms);
  const of = (kind: Kind): Term[] => collected.filter((term) => kindOfTerm(term) === kind);
  const [numbers, rows, columns, matrices] = [of('number'), of('row'), of('column'), of('matrix')];
  const vectors = [rows, columns].filter((each) => each.length > 0);
  const read = matrices.filter(isInput);
  const made = matrices.filter((term) => !isInput(term));
  if (vectors.length === 0) return total(b, [...made, ...numbers, ...read]);
  // Numbers join the shorter kind of vector.
  const [first, second] = vectors;
  const withNumbers = ordered([...first!, ...numbers]);
  return total(b, [
    ...made,
    single(total(b, withNumbers)),
    ...(second ? [single(total(b, ordered(second)))] : []),
    ...read,
  ]);
}

/** What is read from memory last. */
const ordered = (terms: readonly Term[]): Term[] => [
  ...terms.filter((term) => !isInput(term)),
  ...terms.filter(isInput),
];

function isInput({ factors, divisors }: Term): boolean {
  const [only, ...others] = factors;
  return others.length === 0 && divisors.length === 0 && only?.operation.op === 'input';
}

/** Positive ones first, the others subtracted from them. */
function total(b: GraphBuilder, terms: readonly Term[]): Node {
  const plus = terms.filter(({ coefficient }) => !(coefficient < 0));
  const minus = terms.filter(({ coefficient }) => coefficient < 0);
  const values = plus.map((term) => product(b, term));
  const [first, ...others] = minus;
  let sum = b.total(values) ?? product(b, first!);
  const rest = values.length > 0 ? minus : others;
  for (const term of rest) sum = b.subtract(sum, product(b, negated(term)));
  return sum;
}

function collect(b: GraphBuilder, terms: readonly Term[]): Term[] {
  const is =
    (...kinds: Kind[]) =>
    (node: Node): boolean =>
      kinds.includes(kindOf(node));
  const steps = [is('number'), is('number', 'row'), is('number', 'column')];
  return steps.reduce((left, varies) => collectBy(b, left, varies), equalOnes(terms));
}

/** x + x is 2x. What would vanish stays: it might be infinite. */
function equalOnes(terms: readonly Term[]): Term[] {
  const collected: Term[] = [];
  for (const group of grouped(terms, keyOfTerm).values()) {
    const [first] = group;
    const coefficient = group.reduce((sum, term) => sum + term.coefficient, 0);
    if (coefficient === 0) collected.push(...group);
    else collected.push({ ...first!, coefficient });
  }
  return collected;
}

/** Terms that differ only in what varies become one. */
function collectBy(
  b: GraphBuilder,
  terms: readonly Term[],
  varies: (node: Node) => boolean,
): Term[] {
  const split2 = new Map(terms.map((term) => [term, split(term, varies)]));
  const collected: Term[] = [];
  const groups = grouped(terms, (term) => {
    const [part, rest] = split2.get(term)!;
    // A value of its own stays: 1 - c would be rounded where c is exact.
    return isEmpty(part) || isEmpty(rest) ? null : keyOfTerm(rest);
  });
  for (const group of groups.values()) {
    if (group.length === 1) collected.push(group[0]!);
    else {
      const parts = group.map((term) => {
        const [part, rest] = split2.get(term)!;
        return { ...part, coefficient: rest.coefficient };
      });
      const [, rest] = split2.get(group[0]!)!;
      collected.push(times({ ...rest, coefficient: 1 }, single(sumOf(b, parts))));
    }
  }
  return collected;
}

/** In the order of the first of each group; those without a key alone. */
function grouped<T>(terms: readonly T[], keyOf: (term: T) => string | null): Map<unknown, T[]> {
  const groups = new Map<unknown, T[]>();
  for (const term of terms) {
    const key = keyOf(term) ?? term;
    const group = groups.get(key);
    if (group) group.push(term);
    else groups.set(key, [term]);
  }
  return groups;
}
