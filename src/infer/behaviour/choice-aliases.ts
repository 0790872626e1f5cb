import type { Term } from '../../algebra/types.js';
import { DEPENDENT } from '../sparse/least-squares.js';
import type { Moments } from '../sparse/moments.js';
import { bySimplicity } from '../trust/alias-words.js';

/** Terms that choices cannot tell apart. */
export interface ChoiceAliases {
  /** Texts of terms that change urges in the same way, the simplest first. */
  readonly classes: readonly (readonly string[])[];
  /** Texts of the terms for which this one stands. */
  aliasesOf(term: Term): readonly string[];
  /** Why a term could not be chosen; null if it could. */
  reason(term: Term): string | null;
}

/** How far from ±1 the correlation of two effects may be that are called the same: rounding. */
const SAME = 1e-9;

/**
 * Classes of terms whose effects on all urges are multiples of each other, and those without an effect,
 * from the sums of products at the rule (first preferences and other parameters taken out).
 */
export function aliasesOfChoices({ gram, cross }: Moments, terms: readonly Term[]): ChoiceAliases {
  const size = cross.length;
  const power = (k: number): number => gram[k * size + k]!;
  const largest = Math.max(...terms.map((_, k) => power(k)));
  const order = [...terms.keys()].sort((a, b) => bySimplicity(terms[a]!, terms[b]!) || a - b);
  const classes: number[][] = [];
  const reasons = new Map<Term, string>();
  for (const k of order) {
    if (!(power(k) > DEPENDENT ** 2 * largest)) {
      reasons.set(terms[k]!, 'without an effect on the choices');
      continue;
    }
    const same = classes.find(
      ([first]) => gram[k * size + first!]! ** 2 > (1 - SAME) * power(k) * power(first!),
    );
    if (same) same.push(k);
    else classes.push([k]);
  }
  const texts = new Map<Term, string[]>();
  for (const [first, ...others] of classes) {
    if (others.length === 0) continue;
    const kept = terms[first!]!;
    texts.set(
      kept,
      others.map((k) => terms[k]!.text),
    );
    for (const k of others) reasons.set(terms[k]!, `the same as ${kept.text} for these choices`);
  }
  return {
    classes: [...texts].map(([{ text }, others]) => [text, ...others]),
    aliasesOf: (term) => texts.get(term) ?? [],
    reason: (term) => reasons.get(term) ?? null,
  };
}
