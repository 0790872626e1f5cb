import { roundSignificant, roundToSpread } from '../algebra/polish.js';
import type { Term } from '../algebra/types.js';
import type { SearchedParameter } from '../discover/frame.js';
import { ruleText, type WeightedTerm } from '../discover/rule-text.js';
import { freeNames, type Library } from './library.js';
import { type FittedParameter, type InferResult, REFUSED } from './result.js';
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

/** Half of the 90 % interval of a parameter beyond which, as a share of it, the data do not tell it. */
const TOLD = 0.5;

/** A parameter that was fitted with the rule, from base units, with its text in the unit as written. */
export function printedParameter(
  { name, unit, range }: SearchedParameter,
  { lines }: Library['frame'],
  value: number,
  interval: readonly [low: number, high: number],
): FittedParameter & { readonly text: string } {
  const [low, high] = interval.map((each) => each / unit) as [number, number];
  const half = (high - low) / 2;
  const text =
    half > Math.abs(value / unit) * 10 ** -DIGITS
      ? roundToSpread(value / unit, WIDER * half).value
      : roundSignificant(value / unit, DIGITS);
  const written = lines
    .flatMap((line) => (line.kind === 'param' ? line.definitions : []))
    .find((each) => each.name === name)?.value;
  const isInside = interval[0] > range[0] && interval[1] < range[1];
  return {
    name,
    value: Number(text),
    unit: written?.unit ?? '',
    interval: [low, high],
    isTold: isInside && half <= TOLD * Math.abs(value / unit),
    text,
  };
}

/** The text of the rule; parameters of the space have the values that it gives, or these. */
export function printedRule(
  chosen: readonly Chosen[],
  { frame }: Library,
  values: ReadonlyMap<string, string> = new Map(),
): string {
  const weighted = chosen.map(
    ({ term, id, value, spread }): WeightedTerm => ({
      id,
      expression: term.expression,
      clauses: term.clauses,
      value,
      ...(spread !== null && { spread }),
    }),
  );
  return ruleText({ name: 'inferred', frame, values }, weighted, false);
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
