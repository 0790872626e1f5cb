import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { changeNotPlain, definedTwice, nameTaken } from '../../base/diagnostics/language.js';
import {
  allTermsExcluded,
  choiceDropped,
  noTerms,
  termExcluded,
} from '../../base/diagnostics/space.js';
import { describeDimension } from '../../base/dimension.js';
import { failure, type Result, success } from '../../base/result.js';
import { placeOf, type Source, type Span } from '../../base/source.js';
import type { ChoiceLine, Expression, KeepLine, Space, TermLine } from '../ast.js';
import type { CheckedSpace, Limits, SpaceTerm } from '../checked.js';
import { GRADES, type SignalTable } from '../signals.js';
import { checkBounds, checkOnlyOnce, stepWarnings } from './changes.js';
import { checkChoices, refersToChoice } from './choices.js';
import { takenBy } from './definitions.js';
import { type Facts, isPlain, join } from './inferred.js';
import { readLimits } from './limits.js';
import { checkPhases } from './phases.js';
import { sorted } from './rule.js';
import { openWorkshop, type Workshop } from './workshop.js';

/**
 * A space whose lines are in order for what a circuit offers. Terms with choices are checked for names
 * here and for units and locality when they are derived.
 */
export function checkSpace(space: Space, source: Source, table: SignalTable): Result<CheckedSpace> {
  const workshop = openWorkshop(space.lines, source, table);
  const { mistakes, scope, definitions } = workshop;
  const keepLines = space.lines.filter((line): line is KeepLine => line.kind === 'keep');
  const limits = readLimits(keepLines, source, mistakes);
  checkChoices(workshop, limits);
  const termLines = space.lines.filter((line): line is TermLine => line.kind === 'term');
  if (termLines.length === 0) mistakes.push(noTerms({}, { source, span: space.nameSpan }));
  checkTermNames(termLines, workshop);

  const drops: Expression[] = [];
  for (const line of space.lines) {
    if (line.kind !== 'drop') continue;
    for (const expression of line.expressions) {
      workshop.infer(expression);
      if (refersToChoice(expression, definitions.choices)) {
        mistakes.push(choiceDropped({}, { source, span: expression.span }));
      }
      drops.push(workshop.replaced(expression));
    }
  }
  const bounds = checkBounds(space.lines, workshop);
  checkOnlyOnce(space.lines, workshop);
  const { terms, warnings } = checkTerms(termLines, workshop, limits);
  const choices = new Map<string, ChoiceLine>();
  for (const [name, line] of definitions.choices) {
    choices.set(name, { ...line, alternatives: line.alternatives.map(workshop.replaced) });
  }
  if (mistakes.length > 0) return failure(...sorted(mistakes));
  const checked: CheckedSpace = {
    space,
    source,
    scope,
    choices,
    memory: workshop.memory,
    bounds: bounds.value,
    terms,
    limits,
    drops,
    keepLines,
  };
  return success(
    checked,
    sorted([...warnings, ...workshop.unused(), ...stepWarnings([], workshop)]),
  );
}

/** A term's name is that of its coefficient, so it shares the names of parameters. */
function checkTermNames(lines: readonly TermLine[], workshop: Workshop): void {
  const { source, mistakes, scope, definitions } = workshop;
  const spans = new Map<string, Span>(definitions.spans);
  for (const { name, span } of lines) {
    if (name === null) continue;
    const taken = takenBy(name, scope.table);
    const earlier = spans.get(name);
    if (taken) mistakes.push(nameTaken({ name, by: taken }, { source, span }));
    else if (earlier) {
      const line = placeOf(source, earlier.start).line;
      mistakes.push(definedTwice({ name, line }, { source, span }));
    }
    spans.set(name, span);
  }
}

function checkTerms(
  lines: readonly TermLine[],
  workshop: Workshop,
  limits: Limits,
): { terms: SpaceTerm[]; warnings: Diagnostic[] } {
  const { source, mistakes, scope } = workshop;
  const warnings: Diagnostic[] = [];
  let someKept = false;
  const terms = lines.map((line): SpaceTerm => {
    const clauses = workshop.inferClauses(line.clauses);
    for (const alternative of line.alternatives) {
      const own = workshop.infer(alternative);
      const facts = join(own, clauses);
      const where = { source, span: alternative.span };
      if (!isPlain(facts)) {
        mistakes.push(changeNotPlain({ given: describeDimension(facts.dimension) }, where));
      }
      const excluded = refersToChoice(alternative, workshop.definitions.choices)
        ? null
        : excludedTerm(line, facts, limits, source);
      if (excluded) warnings.push(excluded);
      else someKept = true;
    }
    const alternatives = line.alternatives.map(workshop.replaced);
    for (const each of alternatives) {
      checkPhases(line.clauses, each, scope.table, source, workshop.names.report);
    }
    return { name: line.name, alternatives, clauses: line.clauses, span: line.span };
  });
  const limit = limits.locality;
  if (limit !== undefined && !someKept && terms.length > 0 && mistakes.length === 0) {
    const span = lines[0]!.span;
    mistakes.push(allTermsExcluded({ limit }, { source, span }), ...warnings.splice(0));
  }
  return { terms, warnings };
}

function excludedTerm(
  line: TermLine,
  { grade, because }: Facts,
  { locality }: Limits,
  source: Source,
): Diagnostic | null {
  if (locality === undefined || GRADES.indexOf(grade) <= GRADES.indexOf(locality)) return null;
  const term = line.name === null ? 'this term' : `the term ${line.name}`;
  const facts = { term, text: because?.text ?? '', grade, limit: locality };
  return termExcluded(facts, { source, span: because?.span ?? line.span });
}
