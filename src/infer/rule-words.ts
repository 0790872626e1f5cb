import { roundSignificant, roundToSpread } from '../algebra/polish.js';
import type { Term } from '../algebra/types.js';
import { ruleText, type WeightedTerm } from '../discover/rule-text.js';
import { freeNames, type Library } from './library.js';
import { type InferResult, REFUSED } from './result.js';
import type { AssessedTerm, Assessment } from './trust/assess.js';

export interface Chosen extends AssessedTerm {
  readonly term: Term;
  /** Of its coefficient in the printed rule. */
  readonly id: string;
  /** The coefficient as it is printed, and half of its 95 % interval, if that is known. */
  readonly value: string;
  readonly spread: string | null;
}

/** The terms with the names of their coefficients: theta1, theta2, … where the space gives none. */
export function chosenTerms(
  { terms: assessed }: Assessment,
  terms: readonly Term[],
  { named, table }: Library,
): Chosen[] {
  const nextName = freeNames(table, 'theta');
  return assessed.map((each) => {
    const term = terms[each.column]!;
    const id = named ? term.id : nextName();
    return { ...each, ...printedNumber(each), term, id };
  });
}

/** Of a number whose uncertainty is smaller, or unknown, so many digits are printed. */
const DIGITS = 6;
/** How much wider 95 % of a normal distribution are than 90 %. */
const WIDER = 1.96 / 1.645;

/** Digits as far as the interval supports them. */
function printedNumber({ coefficient, interval }: AssessedTerm): Pick<Chosen, 'value' | 'spread'> {
  const spread = interval ? (WIDER * (interval[1] - interval[0])) / 2 : 0;
  const isExact = spread < Math.abs(coefficient) * 10 ** -DIGITS;
  if (isExact) return { value: roundSignificant(coefficient, DIGITS), spread: null };
  return roundToSpread(coefficient, spread);
}

/** The text of the rule. */
export function printedRule(chosen: readonly Chosen[], { frame }: Library): string {
  const weighted = chosen.map(
    ({ term, id, value, spread }): WeightedTerm => ({
      id,
      expression: term.expression,
      clauses: term.clauses,
      value,
      ...(spread !== null && { spread }),
    }),
  );
  return ruleText({ name: 'inferred', frame }, weighted, false);
}

/** A term as the result has it. */
export function described(
  { term, id, value, interval, inclusion, verdict, instead, p }: Chosen,
  terms: readonly Term[],
  aliases: readonly string[],
): InferResult['terms'][number] {
  return {
    id,
    text: term.text,
    coefficient: Number(value),
    interval,
    inclusion,
    // The class may be beyond doubt; which of its terms it is cannot be told from these data.
    verdict: aliases.length > 0 && verdict === 'established' ? 'tentative' : verdict,
    aliases,
    instead: instead.map((at) => terms[at]!.text),
    p,
  };
}

/** What was found where it is no rule. */
export function refusedRule(
  { refused }: Assessment,
  terms: readonly Term[],
): InferResult['refused'] {
  if (refused === null) return null;
  const { why, support, left } = refused;
  return { why, terms: support.map((at) => terms[at]!.text), r2: 1 - left };
}

/** Why each term of the library is not in the rule. */
export function droppedTerms(
  chosen: readonly Chosen[],
  { refused, unstable }: Assessment,
  terms: readonly Term[],
  library: Library,
  reasonOf: (term: Term) => string | null,
): InferResult['dropped'] {
  const kept = new Set(chosen.map(({ term }) => term));
  const reasons = new Map([
    ...(refused?.support ?? []).map((at): [Term, string] => [terms[at]!, REFUSED[refused!.why]]),
    ...unstable.map((at): [Term, string] => [terms[at]!, 'not found again in resampled data']),
  ]);
  return library.terms
    .filter((term) => !kept.has(term))
    .map((term) => {
      const by = reasonOf(term) ?? reasons.get(term) ?? 'not worth a coefficient';
      return { id: term.id, text: term.text, by };
    });
}
