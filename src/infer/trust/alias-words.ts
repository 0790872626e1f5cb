import { roundSignificant } from '../../algebra/polish.js';
import type { Term } from '../../algebra/types.js';
import type { Aliases, Dependence } from './aliases.js';

/** What holds on these data although it holds nowhere else. */
export interface DataRelation {
  /** `x^2 = x`, `z = 0`, `a = 1 - b`. */
  readonly formula: string;
  /** Further terms are alike for this reason: `x^2 * y` and `x * y`. */
  readonly consequences: number;
  /** What would tell them apart, in words. */
  readonly remedy: string;
}

/** Of a column: its values where they are few, else null. */
export type FewValues = (column: string) => readonly number[] | null;

/** The simpler term first: the smaller degree, then the fewer names. */
export const bySimplicity = (a: Term, b: Term): number =>
  a.degree - b.degree || a.complexity - b.complexity;

/** A term that is one product: the exponents of its factors, by their keys. */
export interface Product {
  readonly powers: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Relations that say why terms are alike, the simplest ones; those that are another one multiplied on
 * both sides are counted, not told again.
 */
export function relationsOf(
  { classes, zero, dependences }: Aliases,
  terms: readonly Term[],
  valuesOf: FewValues,
): DataRelation[] {
  const relations: { relation: DataRelation; ratio: string }[] = [];
  const pairs = classes.flatMap(({ kept, others }) =>
    others.map(({ term, factor }) => ({ kept, term, factor })),
  );
  pairs.sort((a, b) => bySimplicity(terms[a.term]!, terms[b.term]!));
  for (const { kept, term, factor } of pairs) {
    const [simple, other] = [terms[kept]!, terms[term]!];
    const [left, right] = [productOf(other), productOf(simple)];
    const ratio = left && right ? ratioKey(left, right, factor) : null;
    const at = relations.findIndex((each) => ratio !== null && each.ratio === ratio);
    if (at >= 0) {
      const { relation } = relations[at]!;
      relations[at] = {
        ratio: ratio!,
        relation: { ...relation, consequences: relation.consequences + 1 },
      };
      continue;
    }
    const formula = `${other.text} = ${weighted(factor, simple.text)}`;
    const differing = left && right ? differingNames(left, right) : null;
    const remedy = differing
      ? separating(differing, valuesOf)
      : 'the terms agree in every row: record more different conditions';
    relations.push({ ratio: ratio ?? formula, relation: { formula, consequences: 0, remedy } });
  }
  return [
    ...zeroRelations(zero, terms),
    ...relations.map(({ relation }) => relation),
    ...dependences.map((each) => sumRelation(each, terms)),
  ];
}

/** Of terms that are 0 everywhere those that are no multiples of simpler ones. */
function zeroRelations(zero: readonly number[], terms: readonly Term[]): DataRelation[] {
  const inOrder = zero.map((at) => terms[at]!).sort(bySimplicity);
  const told: { product: Product | null; relation: DataRelation }[] = [];
  for (const term of inOrder) {
    const product = productOf(term);
    const at = told.findIndex((each) => product && each.product && divides(each.product, product));
    if (at >= 0) {
      const { product: own, relation } = told[at]!;
      told[at] = {
        product: own,
        relation: { ...relation, consequences: relation.consequences + 1 },
      };
      continue;
    }
    const names = product ? [...product.names.values()] : [];
    const remedy =
      names.length === 1
        ? `${names[0]} is 0 in every row: record it where it is not`
        : `${names.length > 0 ? listed(names) : term.text} are never other than 0 together: record them so`;
    told.push({ product, relation: { formula: `${term.text} = 0`, consequences: 0, remedy } });
  }
  return told.map(({ relation }) => relation);
}

/** `s = 1 - a + 0.5 * b`. */
export function sumFormula({ term, of }: Dependence, terms: readonly Term[], digits: number) {
  const sum = of
    .map(({ term: part, factor }, k) => {
      const text = weighted(Math.abs(factor), terms[part]!.text, digits);
      return k === 0 ? (factor < 0 ? `-${text}` : text) : `${factor < 0 ? '-' : '+'} ${text}`;
    })
    .join(' ');
  return `${terms[term]!.text} = ${sum}`;
}

function sumRelation(dependence: Dependence, terms: readonly Term[]): DataRelation {
  return {
    formula: sumFormula(dependence, terms, DIGITS),
    consequences: 0,
    remedy: 'record conditions in which that sum does not hold',
  };
}

const DIGITS = 6;

function weighted(factor: number, text: string, digits = DIGITS): string {
  const number = roundSignificant(factor, digits);
  if (text === '1') return number;
  return number === '1' ? text : number === '-1' ? `-${text}` : `${number} * ${text}`;
}

/** Null for what is no product of columns. */
export function productOf({ normalForm: { monomials } }: Term): Product | null {
  const [only, ...more] = monomials;
  if (!only || more.length > 0) return null;
  const names = only.factors.map(({ atom }): [string, string] => [
    atom.key,
    atom.kind === 'signal' ? atom.name : '',
  ]);
  if (names.some(([, name]) => name === '')) return null;
  return {
    powers: new Map(only.factors.map(({ atom, exponent }) => [atom.key, exponent])),
    names: new Map(names),
  };
}

/** What is left of the equation when both sides are divided by what they have in common. */
function ratioKey(left: Product, right: Product, factor: number): string {
  const keys = new Set([...left.powers.keys(), ...right.powers.keys()]);
  const parts = [...keys].sort().flatMap((key) => {
    const power = (left.powers.get(key) ?? 0) - (right.powers.get(key) ?? 0);
    return power === 0 ? [] : [`${key}^${power}`];
  });
  return `${parts.join(' ')} = ${roundSignificant(factor, 6)}`;
}

function differingNames(left: Product, right: Product): string[] {
  const names = new Map([...left.names, ...right.names]);
  return [...names]
    .filter(([key]) => left.powers.get(key) !== right.powers.get(key))
    .map(([, name]) => name);
}

const divides = (small: Product, large: Product): boolean =>
  [...small.powers].every(([key, power]) => (large.powers.get(key) ?? 0) >= power);

/** What a person could record to tell such terms apart. */
function separating(names: readonly string[], valuesOf: FewValues): string {
  const [only, ...more] = names;
  if (only !== undefined && more.length === 0) {
    const values = valuesOf(only);
    if (values?.length === 1) return `${only} is ${values[0]} in every row: vary it`;
    if (values) return `${only} takes only the values ${listed(values)}: record it at other values`;
    return `record ${only} at other values`;
  }
  return `${listed(names)} go together in every row: record one where the other is different`;
}

export const listed = (items: readonly (string | number)[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
