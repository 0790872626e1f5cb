import { canonicalExpression, canonicalText } from './algebra/canonical.js';
import { type UpdateCost, updateCost } from './algebra/cost.js';
import { enumerate } from './algebra/enumerate.js';
import { machineForm } from './algebra/machine-form.js';
import { normalForm } from './algebra/normal-form.js';
import { shortest } from './algebra/shortest.js';
import type { Polynomial, Term, TermLibrary } from './algebra/types.js';
import { writeSum } from './algebra/write.js';
import { EngrammarError, failure, type Result, success } from './base/result.js';
import type { Source } from './base/source.js';
import { loadRule, loadSpace } from './catalogue/load.js';
import { type Latex, latexOf } from './express/latex.js';
import type { Item } from './language/ast.js';
import { checkRule } from './language/check/rule.js';
import { checkSpace } from './language/check/space.js';
import type { CheckedRule, CheckedSpace, Locality } from './language/checked.js';
import { printExpression, printItem } from './language/print.js';
import { type Grade, higherGrade, type SignalTable } from './language/signals.js';
import { wholeVocabulary } from './language/vocabulary.js';

/*
 * The pipelines, each as the list of its phases. Whatever a person can get wrong comes back as
 * diagnostics with their places; nothing here throws because of an input.
 */

/** FILE, FILE#NAME or a name of the catalogue → text → syntax tree → checked rule. */
export function readRule(
  reference: string,
  table: SignalTable = wholeVocabulary,
): Result<CheckedRule> {
  const loaded = loadRule(reference);
  return loaded.ok ? checkRule(loaded.value.item, loaded.value.source, table) : loaded;
}

/** FILE, FILE#NAME or a name of the catalogue → text → syntax tree → checked space → its terms. */
export function readLibrary(
  reference: string,
  table: SignalTable = wholeVocabulary,
): Result<Library> {
  const loaded = loadSpace(reference);
  if (!loaded.ok) return loaded;
  const space = checkSpace(loaded.value.item, loaded.value.source, table);
  return space.ok ? libraryOf(space) : space;
}

/** A space with the terms it derives. */
export interface Library {
  readonly space: CheckedSpace;
  readonly terms: TermLibrary;
}

/** Everything `engrammar show` says about a rule. */
export interface RuleDescription {
  readonly name: string;
  /** As written, in the layout of the language. */
  readonly text: string;
  /** The right side of `dw`, multiplied out. */
  readonly normalForm: string;
  /** The same, factored for people; equal rules have equal canonical texts. */
  readonly canonical: string;
  readonly latex: Latex;
  readonly locality: Locality;
  readonly cost: UpdateCost;
}

/** checked rule → normal form → canonical text, LaTeX and cost. */
export function describeRule(checked: CheckedRule): Result<RuleDescription> {
  return attempt(checked.source, () => {
    const form = normalForm(checked.update, checked.scope);
    return {
      name: checked.rule.name,
      text: printItem(checked.rule),
      normalForm: multipliedOut(form),
      canonical: canonicalText(form),
      latex: latexOf(checked),
      locality: checked.locality,
      cost: updateCost(machineForm(form)),
    };
  });
}

/**
 * The shortest text known for an update: the canonical one, or a shorter one that mathjs finds and
 * our own algebra calls equal. Slower than all the rest together, since mathjs has to be loaded.
 */
export function shortestText({ source, update, scope }: CheckedRule): Result<string> {
  return attempt(source, () => printExpression(shortest(update, scope)));
}

/** syntax tree → checked → the grade of what it reads: the whole analysis, for its mistakes. */
export function checkItem(
  item: Item,
  source: Source,
  table: SignalTable = wholeVocabulary,
): Result<Grade> {
  if (item.kind === 'rule') {
    const checked = checkRule(item, source, table);
    if (!checked.ok) return checked;
    const described = describeRule(checked.value);
    return described.ok ? success(checked.value.locality.grade, checked.warnings) : described;
  }
  const checked = checkSpace(item, source, table);
  const library = checked.ok ? libraryOf(checked) : checked;
  return library.ok ? success(gradeOf(library.value.terms.terms), library.warnings) : library;
}

function libraryOf(space: Result<CheckedSpace> & { readonly ok: true }): Result<Library> {
  const terms = enumerate(space.value);
  if (!terms.ok) return terms;
  return success({ space: space.value, terms: terms.value }, [
    ...space.warnings,
    ...terms.warnings,
  ]);
}

const gradeOf = (terms: readonly Term[]): Grade =>
  terms.reduce<Grade>((grade, term) => higherGrade(grade, term.locality), 'synapse');

/** The monomials of a normal form, positive ones first, nothing factored. */
export function multipliedOut(form: Polynomial): string {
  const parts = form.monomials.map((monomial) => ({ monomial, brackets: [] }));
  return printExpression(writeSum(parts, canonicalExpression));
}

/** Runs what throws `EngrammarError`; places in its diagnostics are places of the source. */
export function attempt<T>(source: Source, work: () => T): Result<T> {
  try {
    return success(work());
  } catch (error) {
    if (!(error instanceof EngrammarError)) throw error;
    return failure(...error.diagnostics.map((each) => (each.span ? { source, ...each } : each)));
  }
}
