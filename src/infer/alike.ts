import type { Term } from '../algebra/types.js';
import type { Design } from './design.js';
import type { Recording } from './recording.js';
import { momentsOf } from './sparse/moments.js';
import { bySimplicity, type DataRelation, relationsOf } from './trust/alias-words.js';
import { findAliases } from './trust/aliases.js';
import { type NearRelation, nearRelations } from './trust/near-alias-words.js';

/** What a recording cannot tell apart. */
export interface Alike {
  /** Places of the terms that stay: one a class, the simplest; none that is 0 in every row. */
  readonly kept: readonly number[];
  /** Texts of terms that are multiples of one another, the one that stays first. */
  readonly classes: readonly (readonly string[])[];
  readonly relations: readonly DataRelation[];
  /** What nearly holds, among the terms that stay. */
  readonly near: readonly NearRelation[];
  /** Texts of the terms for which this one stands. */
  aliasesOf(term: Term): readonly string[];
  /** Why the term did not stay; null if it did. */
  reason(term: Term): string | null;
}

/** Columns with more different values than this are not said to have few. */
const FEW = 3;

export function aliasesOf({ terms, columns, target }: Design, recording: Recording): Alike {
  const order = [...terms.keys()].sort((a, b) => bySimplicity(terms[a]!, terms[b]!) || a - b);
  const moments = momentsOf(columns, target);
  const found = findAliases(columns, moments, order);
  const sums = new Set(found.dependences.map(({ term }) => term));
  const different = found.classes.map(({ kept }) => kept).filter((at) => !sums.has(at));
  const classes = found.classes.filter(({ others }) => others.length > 0);
  const standing = new Map(
    classes.map(({ kept, others }) => [terms[kept]!, others.map(({ term }) => terms[term]!.text)]),
  );
  const reasons = new Map(found.zero.map((at) => [terms[at]!, '0 in every row']));
  for (const { kept, others } of classes) {
    const reason = `the same as ${terms[kept]!.text} on these data`;
    for (const { term } of others) reasons.set(terms[term]!, reason);
  }
  return {
    kept: found.classes.map(({ kept }) => kept).sort((a, b) => a - b),
    classes: [...standing].map(([{ text }, others]) => [text, ...others]),
    relations: relationsOf(found, terms, (column) => fewValues(recording.columns.get(column)!)),
    near: nearRelations(moments, terms, different, (name) => recording.columns.get(name)!),
    aliasesOf: (term) => standing.get(term) ?? [],
    reason: (term) => reasons.get(term) ?? null,
  };
}

/** The different values of a column, from the smallest on; null if they are more than a few. */
function fewValues(column: Float64Array): number[] | null {
  const values = new Set<number>();
  for (const value of column) {
    values.add(value);
    if (values.size > FEW) return null;
  }
  return [...values].sort((a, b) => a - b);
}
