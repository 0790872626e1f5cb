import { roundSignificant } from '../algebra/polish.js';
import type { Term } from '../algebra/types.js';
import { ruleText, type WeightedTerm } from '../discover/rule-text.js';
import { readRuleText } from '../experiments/attached.js';
import { latexOf } from '../express/latex.js';
import { aliasesOf } from './alike.js';
import { designOf, withTerms } from './design.js';
import { evaluateRule } from './evaluate.js';
import type { Library } from './library.js';
import type { Recording } from './recording.js';
import type { FitMetrics, InferResult } from './result.js';
import { momentsOf } from './sparse/moments.js';
import { selectSupport } from './sparse/select-support.js';

export interface InferOptions {
  /** The column with the changes of the weight. */
  readonly target: string;
  readonly seed: number;
}

const UNWORTHY = 'not worth a coefficient';

/** Digits of a printed coefficient whose uncertainty is not measured. */
const DIGITS = 4;

/**
 * Fits a rule to recorded changes of weights, phase by phase:
 * 1. design: every term in every row,
 * 2. aliases: what no changes of weights could tell apart on these data; one term of each class stays,
 * 3. select: the terms that are worth their coefficients,
 * 4. print the rule, parse it again, and compute from exactly that what it explains.
 */
export function infer(recording: Recording, library: Library, options: InferOptions): InferResult {
  const target = recording.columns.get(options.target);
  if (!target) throw new RangeError(`${recording.name} has no column ${options.target}`);
  const whole = designOf(library, recording, target);
  const alike = aliasesOf(whole, recording);
  const design = withTerms(whole, alike.kept);
  const { support, coefficients } = selectSupport(momentsOf(design.columns, design.target));
  const found = support.map((at) => ({ term: design.terms[at]!, value: coefficients[at]! }));
  const chosen = named(found, library);
  const text = chosen.length > 0 ? printedText(chosen, library) : null;
  const checked = text === null ? null : readRuleText('rule.rule', text, library.table);
  const metrics = checked
    ? metricsOf(target, evaluateRule(checked, recording.rows, recording.columns))
    : null;
  const kept = new Set(chosen.map(({ term }) => term));
  return {
    schemaVersion: 1,
    recording: recording.name,
    target: options.target,
    seed: options.seed,
    engine: null,
    rule: text === null || checked === null ? null : { text, latex: latexOf(checked) },
    terms: chosen.map(({ term, id, value }) => ({
      id,
      text: term.text,
      coefficient: Number(printed(value)),
      interval: null,
      inclusion: null,
      verdict: 'not assessed',
      aliases: alike.aliasesOf(term),
    })),
    dropped: library.terms
      .filter((term) => !kept.has(term))
      .map((term) => ({ id: term.id, text: term.text, by: alike.reason(term) ?? UNWORTHY })),
    metrics,
    baselines: [
      {
        name: 'no-plasticity',
        about: 'weights do not change',
        text: ruleText({ name: 'no_plasticity' }, [], false),
        metrics: metricsOf(target, new Float64Array(recording.rows)),
      },
    ],
    aliases: alike.classes,
    relations: alike.relations,
    nullTest: null,
    fit: { r2: metrics?.r2 ?? 0, rows: recording.rows },
    runFolder: null,
  };
}

interface Chosen {
  readonly term: Term;
  /** Of its coefficient in the printed rule. */
  readonly id: string;
  readonly value: number;
}

/** The terms with the names of their coefficients: theta1, theta2, … where the space gives none. */
function named(
  found: readonly { readonly term: Term; readonly value: number }[],
  { named: isNamed, table }: Library,
): Chosen[] {
  const taken = new Set(table.signals.map(({ name }) => name));
  let number = 0;
  return found.map(({ term, value }) => {
    if (isNamed) return { term, id: term.id, value };
    do number += 1;
    while (taken.has(`theta${number}`));
    return { term, id: `theta${number}`, value };
  });
}

const printed = (value: number): string => roundSignificant(value, DIGITS);

function printedText(chosen: readonly Chosen[], { frame }: Library): string {
  const weighted = chosen.map(
    ({ term, id, value }): WeightedTerm => ({
      id,
      expression: term.expression,
      clauses: term.clauses,
      value: printed(value),
    }),
  );
  return ruleText({ name: 'inferred', frame }, weighted, false);
}

/** How well these changes describe those that were recorded. */
function metricsOf(target: Float64Array, explained: Float64Array): FitMetrics {
  let [left, all] = [0, 0];
  for (let row = 0; row < target.length; row++) {
    left += (target[row]! - explained[row]!) ** 2;
    all += target[row]! ** 2;
  }
  return { loss: left / target.length, r2: all === 0 ? null : 1 - left / all };
}
