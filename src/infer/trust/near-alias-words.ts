import type { Term } from '../../algebra/types.js';
import type { Moments } from '../sparse/moments.js';
import { type DataRelation, listed, type Product, productOf, sumFormula } from './alias-words.js';
import { findNearAliases, type NearAlias } from './near-aliases.js';
import { quantile } from './resample.js';

/** What nearly holds on these data although it holds nowhere else. */
export interface NearRelation extends DataRelation {
  /** Root mean square of the difference of both sides, as a share of the left one's. */
  readonly within: number;
  /** Texts of all terms on both sides, the one on the left first. */
  readonly terms: readonly string[];
}

/** Digits of factors: they are no more certain. */
const DIGITS = 3;

/** Terms that are nearly sums of simpler ones; those that follow from another one are only counted. */
export function nearRelations(
  moments: Moments,
  terms: readonly Term[],
  order: readonly number[],
  columnOf: (name: string) => Float64Array,
): NearRelation[] {
  const products = terms.map(productOf);
  const places = new Map(products.flatMap((each, at) => (each ? [[keyOf(each.powers), at]] : [])));
  const ratio = (a: number, b: number, c: number): number | undefined => {
    const [of, over, times] = [products[a], products[b], products[c]];
    if (!of || !over || !times) return undefined;
    const powers = new Map(of.powers);
    for (const [key, power] of over.powers) powers.set(key, (powers.get(key) ?? 0) - power);
    if ([...powers.values()].some((power) => power < 0)) return undefined;
    for (const [key, power] of times.powers) powers.set(key, (powers.get(key) ?? 0) + power);
    return places.get(keyOf(powers));
  };
  return findNearAliases(moments, order, ratio).map((alias) => ({
    formula: sumFormula(alias, terms, DIGITS),
    within: alias.within,
    consequences: alias.consequences.length,
    terms: [alias.term, ...alias.of.map(({ term }) => term)].map((at) => terms[at]!.text),
    remedy: remedyOf(alias, products, columnOf),
  }));
}

const keyOf = (powers: ReadonlyMap<string, number>): string =>
  [...powers]
    .filter(([, power]) => power !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, power]) => `${key}^${power}`)
    .join(' ');

/** What a person could record to tell them apart. */
function remedyOf(
  { term, of }: NearAlias,
  products: readonly (Product | null)[],
  columnOf: (name: string) => Float64Array,
): string {
  const sides = [term, ...of.map((part) => part.term)].map((at) => products[at]);
  const nothing = 'record conditions in which that does not hold';
  if (sides.some((each) => !each)) return nothing;
  const all = sides as Product[];
  const names = new Map(all.flatMap((each) => [...each.names]));
  const differing = [...names].filter(
    ([key]) => new Set(all.map(({ powers }) => powers.get(key) ?? 0)).size > 1,
  );
  const [only, ...more] = differing.map(([, name]) => name).sort();
  if (only === undefined) return nothing;
  if (more.length === 0) return whereItLies(only, columnOf(only));
  const both = listed([only, ...more]);
  return of.length === 1
    ? `${both} nearly go together: record one where the other is different`
    : `${both} hang together: ${nothing}`;
}

/** A range is narrow if it is a smaller share than this of its larger end. */
const NARROW = 0.5;
/** Values lie near two if these leave less than this share of the variance. */
const NEAR_TWO = 0.05;

/** Where a column lies, and where it should be recorded. */
function whereItLies(name: string, column: Float64Array): string {
  const values = [...column];
  const [low, high] = [quantile(values, 0.05), quantile(values, 0.95)];
  const rounded = (value: number): number => Number(value.toPrecision(2));
  const two = nearTwo(column);
  if (two) {
    return `${name} lies near ${rounded(two[0])} or ${rounded(two[1])}: record it at other values`;
  }
  if (high - low < NARROW * Math.max(Math.abs(low), Math.abs(high))) {
    const [from, to] = [low, high].map((each) => Number(each.toPrecision(3)));
    return `${name} lies between ${from} and ${to} in nine of ten rows: record it over a wider range`;
  }
  return `record ${name} at other values`;
}

/** The two values near which a column lies, where there are such. */
function nearTwo(column: Float64Array): [number, number] | null {
  const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
  const spread = (values: Float64Array): number => {
    const at = mean(values);
    return values.reduce((sum, value) => sum + (value - at) ** 2, 0);
  };
  const sorted = column.toSorted();
  let border = (sorted[0]! + sorted.at(-1)!) / 2;
  for (let round = 0; round < ROUNDS; round++) {
    const [below, above] = [
      sorted.filter((value) => value < border),
      sorted.filter((value) => value >= border),
    ];
    if (below.length === 0 || above.length === 0) return null;
    const [low, high] = [mean(below), mean(above)];
    const next = (low + high) / 2;
    if (next === border || round === ROUNDS - 1) {
      const left = spread(below) + spread(above);
      return left <= NEAR_TWO * spread(sorted) ? [low, high] : null;
    }
    border = next;
  }
  return null;
}

const ROUNDS = 10;
