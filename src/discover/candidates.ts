import { equalUpToFactor } from '../algebra/equal.js';
import { normalForm } from '../algebra/normal-form.js';
import { roundSignificant } from '../algebra/polish.js';
import type { Term, TermLibrary } from '../algebra/types.js';
import { unwrap } from '../base/result.js';
import type { Expression } from '../language/ast.js';
import { parseExpression } from '../language/parse.js';
import { wholeVocabulary } from '../language/vocabulary.js';
import type { Frame } from './frame.js';
import { ruleText, type WeightedTerm } from './rule-text.js';

/** Digits of a printed coefficient as long as its uncertainty is not measured. */
const DIGITS = 3;

/** What all baselines are built on: gradient descent on whatever error the circuit brings. */
const GRADIENT: Expression = unwrap(
  parseExpression({ name: 'feedback alignment', text: '-post.error * pre' }),
);

/** Feedback alignment, or backpropagation where feedback is symmetric: the same text. */
export function gradientRule(rate: number, fit: boolean): string {
  return ruleText({ name: 'gradient' }, [gradientTerm(rate)], fit);
}

/** Feedback alignment and one more term. */
export function gradientAndTerm(
  pool: Pool,
  rate: number,
  term: Term,
  coefficients: ReadonlyMap<string, number>,
  fit: boolean,
): string {
  const words = { name: `gradient_and_${term.id}`, ...framed(pool, coefficients) };
  return ruleText(words, [gradientTerm(rate), weightedTerm(pool, term, coefficients)], fit);
}

/** What rules are put together from: terms, and what stands beside them. */
export interface Pool {
  readonly library: TermLibrary;
  readonly frame: Frame;
  /** Significant digits of printed values, at most; three if not given. */
  readonly digits?: number;
}

/**
 * Values by name: coefficients of terms, and, in base units, of parameters of the frame (those that
 * are not there have the value written).
 */
function framed({ frame, digits }: Pool, values: ReadonlyMap<string, number>) {
  const written = frame.searched.flatMap(({ name, unit }): [string, string][] => {
    const value = values.get(name);
    return value === undefined ? [] : [[name, printed(value / unit, digits)]];
  });
  return { frame, values: new Map(written) };
}

const weightedTerm = (
  { digits }: Pool,
  term: Term,
  values: ReadonlyMap<string, number>,
): WeightedTerm => ({
  id: term.id,
  expression: term.expression,
  clauses: term.clauses,
  value: printed(values.get(term.id) ?? 0, digits),
});

/** The terms that can be added to feedback alignment: all but that itself. */
export function extraTerms(library: TermLibrary): Term[] {
  return library.terms.filter((term) => !isGradient(term));
}

/** Feedback alignment itself, where the space has it. */
export const gradientTermOf = (library: TermLibrary): Term | undefined =>
  library.terms.find(isGradient);

/**
 * The term a search begins with, so that the network learns at all: feedback alignment where the
 * space has it, with the sign that descends; else its first term.
 */
export function leadingTerm(library: TermLibrary): { readonly id: string; readonly sign: 1 | -1 } {
  const gradient = gradientTermOf(library);
  if (!gradient) return { id: library.terms[0]!.id, sign: 1 };
  const [monomial] = gradient.normalForm.monomials;
  // The gradient term itself is -post.error * pre.
  return { id: gradient.id, sign: monomial!.coefficient.numerator < 0n ? 1 : -1 };
}

const GRADIENT_FORM = normalForm(GRADIENT, {
  table: wholeVocabulary,
  parameters: new Map(),
  memories: new Map(),
});

const isGradient = ({ gates, normalForm: form }: Term): boolean =>
  gates.length === 0 && equalUpToFactor(form, GRADIENT_FORM);

/** dw = Σ coefficient × term over the terms that have a value, in the library's order. */
export function combination(
  name: string,
  pool: Pool,
  values: ReadonlyMap<string, number>,
  fit: boolean,
): string {
  const terms = pool.library.terms.filter(({ id }) => values.has(id));
  const weighted = terms.map((term) => weightedTerm(pool, term, values));
  return ruleText({ name, ...framed(pool, values) }, weighted, fit);
}

/** A coefficient as it is printed: the number that is printed is the number that is run. */
export function printed(value: number, digits = DIGITS): string {
  return roundSignificant(value, digits);
}

/** The coefficient's name must not be one of a space's terms, whatever these are called. */
export const GRADIENT_COEFFICIENT = 'eta_gradient';

function gradientTerm(rate: number): WeightedTerm {
  return { id: GRADIENT_COEFFICIENT, expression: GRADIENT, value: printed(rate) };
}
