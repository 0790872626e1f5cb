import { ruleText } from '../../discover/rule-text.js';
import type { Program } from '../../program/ir.js';
import type { Library } from '../library.js';
import type { CourseOptions } from './courses.js';

/** A rule with every term of the library, each with a coefficient of its own that is 0. */
export function allTerms({ terms, frame }: Library): string {
  const weighted = terms.map(({ id, expression, clauses }) => ({
    id,
    expression,
    clauses,
    value: '0',
  }));
  return ruleText({ name: 'all_terms', frame }, weighted, true);
}

/** Which parameters of a program with a rule from the library are coefficients, and where the others may be. */
export function coefficientsIn(
  { parameters }: Program,
  { frame }: Library,
): Required<Pick<CourseOptions, 'terms' | 'ranges'>> {
  const ranges = new Map(frame.searched.map(({ name, range }) => [name, range]));
  return { terms: parameters.filter((name) => !ranges.has(name)).length, ranges };
}
