import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { derivedTermRefused, tooManyDerivations } from '../base/diagnostics/enumerate.js';
import { EngrammarError, failure, type Result, success } from '../base/result.js';
import type { Source } from '../base/source.js';
import type { Expression } from '../language/ast.js';
import { checkExpression, tagReads } from '../language/check.js';
import type { CheckedSpace, SpaceTerm } from '../language/checked.js';
import { functionNames } from '../language/functions.js';
import { printClause, printExpression } from '../language/print.js';
import { GRADES, higherGrade } from '../language/signals.js';
import { canonicalExpression } from './canonical.js';
import { canonicalSum } from './canonical-rule.js';
import { linearDependences } from './dependence.js';
import { Deriver, MOST_DERIVATIONS } from './derive.js';
import { withoutOnes } from './derive-choices.js';
import { scaledKey } from './equal.js';
import { gatesKey, gatesOf } from './gates.js';
import { monomialContent } from './laurent.js';
import { complexityOf, degree, power } from './measures.js';
import { powerMonomial, splitMonomial } from './monomial.js';
import { normalForm } from './normal-form.js';
import { multiplyByMonomial } from './polynomial.js';
import { spikeProduct, spikesOf } from './rule-form.js';
import type { Polynomial, Term, TermLibrary } from './types.js';

/** Diagnostics of derived terms beyond this many say nothing new. */
const MOST_REFUSALS = 10;

type Unnamed = Omit<Term, 'id'>;

interface Counts {
  derived: number;
  merged: number;
  dropped: number;
  outsideBounds: number;
}

/**
 * All terms of a space (docs/language.md §12): lines in their order, within a line by complexity and
 * then by order of derivation; a term equal to an earlier one up to a constant factor is merged.
 * Unnamed terms are called t1, t2, …; a named line that derives several terms NAME_1, NAME_2, ….
 * Fails for more than `MOST_DERIVATIONS` ways of choosing and for derived terms that are not in order.
 */
export function enumerate(space: CheckedSpace): Result<TermLibrary> {
  try {
    return success(enumerated(space));
  } catch (error) {
    if (!(error instanceof EngrammarError)) throw error;
    return failure(...error.diagnostics);
  }
}

function enumerated(space: CheckedSpace): TermLibrary {
  const counts: Counts = { derived: 0, merged: 0, dropped: 0, outsideBounds: 0 };
  const dropped = new Set(
    space.drops.map((each) =>
      scaledKey(normalForm(tagReads(each, space.scope, false), space.scope)),
    ),
  );
  const seen = new Set<string>();
  const deriver = new Deriver(space);
  const refusals: Diagnostic[] = [];
  const lines = space.terms.map((line) => {
    const terms: Unnamed[] = [];
    const gates = gatesKey(gatesOf(line.clauses));
    for (const alternative of line.alternatives) {
      for (const { expression } of deriver.derive(alternative)) {
        counts.derived += 1;
        if (counts.derived > MOST_DERIVATIONS) throw tooMany(space, line);
        const form = orRefused(expression, line, space, refusals);
        if (!form) continue;
        const key = `${gates} ${scaledKey(form)}`;
        if (form.monomials.length === 0 || seen.has(key)) counts.merged += 1;
        else if (dropped.has(scaledKey(form))) counts.dropped += 1;
        else {
          const written = expression === alternative ? expression : withoutOnes(expression);
          const term = described(written, form, line, space, refusals);
          if (term) terms.push(term);
          else counts.outsideBounds += 1;
        }
        seen.add(key);
      }
    }
    return { line, terms: terms.sort((a, b) => a.complexity - b.complexity) };
  });
  if (refusals.length > 0) throw new EngrammarError(...refusals.slice(0, MOST_REFUSALS));
  const terms = withIds(lines, space);
  return { ...counts, terms, dependences: linearDependences(terms) };
}

function tooMany(space: CheckedSpace, { span }: SpaceTerm): EngrammarError {
  const facts = { derived: Number.POSITIVE_INFINITY, most: MOST_DERIVATIONS };
  return new EngrammarError(tooManyDerivations(facts, { source: space.source, span }));
}

/** The normal form with the spikes of its clauses; null, and a refusal, where there is none. */
function orRefused(
  expression: Expression,
  { clauses }: SpaceTerm,
  space: CheckedSpace,
  refusals: Diagnostic[],
): Polynomial | null {
  try {
    const { scope } = space;
    const spikes = spikesOf(clauses, scope);
    const form = normalForm(tagReads(expression, scope, spikes.length > 0), scope);
    return multiplyByMonomial(form, spikeProduct(spikes));
  } catch (error) {
    if (!(error instanceof EngrammarError)) throw error;
    refuse(expression, error.diagnostics, space.source, refusals);
    return null;
  }
}

function refuse(
  expression: Expression,
  because: readonly Diagnostic[],
  source: Source,
  refusals: Diagnostic[],
): void {
  if (refusals.length >= MOST_REFUSALS) return;
  const text = printExpression(expression);
  for (const { message, expected, hint, span } of because) {
    const where = { source, span: span ?? expression.span };
    refusals.push(derivedTermRefused({ text, message, expected, hint }, where));
  }
}

/** The term with its measures; null where they are outside the space's bounds. */
function described(
  expression: Expression,
  form: Polynomial,
  { clauses }: SpaceTerm,
  { scope, source, limits }: CheckedSpace,
  refusals: Diagnostic[],
): Unnamed | null {
  const checked = checkExpression(expression, scope, source);
  if (!checked.ok) {
    refuse(expression, checked.diagnostics, source, refusals);
    return null;
  }
  const gated = withoutGatingSpikes(form);
  const locality = clauses.some(({ kind }) => kind === 'during')
    ? higherGrade(checked.value.grade, 'modulated')
    : checked.value.grade;
  const [itsDegree, itsPower] = [degree(gated), power(gated)];
  if (itsDegree > (limits.degree ?? Number.POSITIVE_INFINITY)) return null;
  if (itsPower > (limits.power ?? Number.POSITIVE_INFINITY)) return null;
  if (GRADES.indexOf(locality) > GRADES.indexOf(limits.locality ?? 'global')) return null;
  const parameters = new Set(scope.parameters.keys());
  const complexity = complexityOf(canonicalExpression(gated), parameters);
  if (complexity > (limits.complexity ?? Number.POSITIVE_INFINITY)) return null;
  return {
    expression,
    clauses,
    gates: gatesOf(clauses),
    text: clauses.map((each) => `${printClause(each)}: `).join('') + printExpression(expression),
    canonical: printExpression(canonicalSum(form)),
    normalForm: form,
    complexity,
    degree: itsDegree,
    power: itsPower,
    locality,
  };
}

/** What is left of a term without the spikes that all of it has as factors: these count for nothing. */
function withoutGatingSpikes(form: Polynomial): Polynomial {
  const { kept } = splitMonomial(
    monomialContent(form),
    (atom) => atom.kind === 'signal' && atom.event,
  );
  return multiplyByMonomial(form, powerMonomial(kept, -1));
}

/** An id names a coefficient, so it may not be a name that already means something. */
function withIds(
  lines: readonly { readonly line: SpaceTerm; readonly terms: readonly Unnamed[] }[],
  space: CheckedSpace,
): Term[] {
  const taken = new Set([
    ...space.scope.parameters.keys(),
    ...space.scope.memories.keys(),
    ...space.scope.table.signals.map((signal) => signal.name),
    ...functionNames,
    ...space.choices.keys(),
    ...space.terms.flatMap(({ name }) => (name === null ? [] : [name])),
  ]);
  const numbered = (stem: string): (() => string) => {
    let number = 0;
    return () => {
      do number += 1;
      while (taken.has(`${stem}${number}`));
      taken.add(`${stem}${number}`);
      return `${stem}${number}`;
    };
  };
  const nextUnnamed = numbered('t');
  return lines.flatMap(({ line, terms }) => {
    if (line.name === null) return terms.map((term) => ({ id: nextUnnamed(), ...term }));
    if (terms.length === 1) return terms.map((term) => ({ id: line.name!, ...term }));
    const next = numbered(`${line.name}_`);
    return terms.map((term) => ({ id: next(), ...term }));
  });
}
