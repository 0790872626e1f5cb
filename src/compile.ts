import { canonicalRule, multipliedOutRule } from './algebra/canonical-rule.js';
import { ruleCost, type UpdateCost } from './algebra/cost.js';
import { enumerate } from './algebra/enumerate.js';
import { ruleForm } from './algebra/rule-form.js';
import { shortest } from './algebra/shortest.js';
import type { Term, TermLibrary } from './algebra/types.js';
import { EngrammarError, failure, type Result, success } from './base/result.js';
import type { Source } from './base/source.js';
import { loadRule, loadSpace } from './catalogue/load.js';
import { type Latex, latexOf } from './express/latex.js';
import type { Item, Rule } from './language/ast.js';
import { checkRule } from './language/check/rule.js';
import { checkSpace } from './language/check/space.js';
import type { CheckedRule, CheckedSpace, Locality } from './language/checked.js';
import { printExpression, printItem, printLine } from './language/print.js';
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
  /** Its lines but for the parameters, one below the other, in normal form: multiplied out. */
  readonly normalForm: string;
  /** The same, factored for people; equal rules have equal canonical texts, up to their names. */
  readonly canonical: string;
  readonly latex: Latex;
  readonly locality: Locality;
  readonly cost: UpdateCost;
}

/** checked rule → normal form → canonical text, LaTeX and cost. */
export function describeRule(checked: CheckedRule): Result<RuleDescription> {
  return attempt(checked.source, () => {
    const form = ruleForm(checked);
    const { name, targets } = checked.rule;
    const head = { name, targets, parameters: checked.scope.parameters };
    return {
      name,
      text: printItem(checked.rule),
      normalForm: linesOf(multipliedOutRule(form, head)),
      canonical: linesOf(canonicalRule(form, head)),
      latex: latexOf(checked),
      locality: checked.locality,
      cost: ruleCost(form),
    };
  });
}

/** What a rule does, without what its parameters are. */
const linesOf = ({ lines }: Rule): string =>
  lines
    .filter(({ kind }) => kind !== 'param')
    .map(printLine)
    .join('\n');

/**
 * The shortest text known for a rule that is one `dw` and nothing else: the canonical one, or a shorter
 * one that mathjs finds and our own algebra calls equal. Null for other rules. Slower than all the rest
 * together, since mathjs has to be loaded.
 */
export function shortestText(checked: CheckedRule): Result<string | null> {
  const { source, scope, changes, memory, bounds, transmit } = checked;
  const [only, ...others] = changes;
  const isPlain = only?.form === 'dw' && only.clauses.length === 0 && others.length === 0;
  const isAlone = memory.length === 0 && !bounds.range && !bounds.keepsSign && !transmit;
  if (!isPlain || !isAlone) return success(null);
  return attempt(source, () => `dw = ${printExpression(shortest(only.value, scope))}`);
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

/** Runs what throws `EngrammarError`; places in its diagnostics are places of the source. */
export function attempt<T>(source: Source, work: () => T): Result<T> {
  try {
    return success(work());
  } catch (error) {
    if (!(error instanceof EngrammarError)) throw error;
    return failure(...error.diagnostics.map((each) => (each.span ? { source, ...each } : each)));
  }
}
