import { equalUpToFactor } from '../algebra/equal.js';
import { normalForm } from '../algebra/normal-form.js';
import { roundSignificant } from '../algebra/polish.js';
import type { Term, TermLibrary } from '../algebra/types.js';
import { unwrap } from '../base/result.js';
import type { Expression } from '../language/ast.js';
import { parseExpression } from '../language/parse.js';
import { wholeVocabulary } from '../language/vocabulary.js';
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
  rate: number,
  term: Term,
  coefficient: number,
  fit: boolean,
): string {
  const extra = { id: term.id, expression: term.expression, value: printed(coefficient) };
  return ruleText({ name: `gradient_and_${term.id}` }, [gradientTerm(rate), extra], fit);
}

/** The terms that can be added to feedback alignment: all but that itself. */
export function extraTerms(library: TermLibrary): Term[] {
  return library.terms.filter((term) => !isGradient(term));
}

/**
 * The term a search begins with, so that the network learns at all: feedback alignment where the
 * space has it, with the sign that descends; else its first term.
 */
export function leadingTerm(library: TermLibrary): { readonly id: string; readonly sign: 1 | -1 } {
  const gradient = library.terms.find(isGradient);
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

const isGradient = (term: Term): boolean => equalUpToFactor(term.normalForm, GRADIENT_FORM);

/** dw = Σ coefficient × term over the given terms, in the library's order. */
export function combination(
  name: string,
  library: TermLibrary,
  coefficients: ReadonlyMap<string, number>,
  fit: boolean,
  about?: string,
): string {
  const terms = library.terms.flatMap((term): WeightedTerm[] => {
    const value = coefficients.get(term.id);
    return value === undefined
      ? []
      : [{ id: term.id, expression: term.expression, value: printed(value) }];
  });
  return ruleText({ name, ...(about !== undefined && { about }) }, terms, fit);
}

/** A coefficient as it is printed: the number that is printed is the number that is run. */
export function printed(value: number): string {
  return roundSignificant(value, DIGITS);
}

/** The coefficient's name must not be one of a space's terms, whatever these are called. */
export const GRADIENT_COEFFICIENT = 'eta_gradient';

function gradientTerm(rate: number): WeightedTerm {
  return { id: GRADIENT_COEFFICIENT, expression: GRADIENT, value: printed(rate) };
}
