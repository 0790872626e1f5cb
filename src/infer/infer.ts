import { roundSignificant, roundToSpread } from '../algebra/polish.js';
import type { Term } from '../algebra/types.js';
import { Stream } from '../base/random.js';
import { ruleText, type WeightedTerm } from '../discover/rule-text.js';
import { readRuleText } from '../experiments/attached.js';
import { latexOf } from '../express/latex.js';
import { type Alike, aliasesOf } from './alike.js';
import { baselinesOf } from './baselines.js';
import { type Design, designOf, withTerms } from './design.js';
import { freeNames, type Library } from './library.js';
import { metricsOfText } from './metrics.js';
import type { Recording } from './recording.js';
import { CHANCE, type InferResult } from './result.js';
import { type AssessedTerm, type Assessment, assess } from './trust/assess.js';
import { seriesOf } from './trust/series.js';

export interface InferOptions {
  /** The column with the changes of the weight. */
  readonly target: string;
  readonly seed: number;
}

/**
 * Fits a rule to recorded changes of weights, phase by phase:
 * 1. design: every term in every row,
 * 2. aliases: what no changes of weights could tell apart on these data; one term of each class stays,
 * 3. select and assess: the terms that are worth their coefficients, the same on resampled blocks, the
 *    test against changes that were shifted in time, verdicts,
 * 4. print the rule, parse it again, and compute from exactly that what it explains, beside baselines.
 */
export function infer(recording: Recording, library: Library, options: InferOptions): InferResult {
  const target = recording.columns.get(options.target);
  if (!target) throw new RangeError(`${recording.name} has no column ${options.target}`);
  const whole = designOf(library, recording, target);
  const alike = aliasesOf(whole, recording);
  const design = withTerms(whole, alike.kept);
  const assessed = assess(
    { ...design, series: seriesOf(recording) },
    { stream: new Stream(options.seed, 'infer') },
  );
  const isChance = assessed.nullTest.p > NULL_LEVEL;
  const chosen = isChance ? [] : chosenTerms(assessed, design, library);
  const text = chosen.length > 0 ? printedRule(chosen, library) : null;
  const metrics = text === null ? null : metricsOfText(text, library, recording, target);
  return {
    schemaVersion: 1,
    recording: recording.name,
    target: options.target,
    seed: options.seed,
    engine: null,
    rule:
      text === null
        ? null
        : { text, latex: latexOf(readRuleText('rule.rule', text, library.table)) },
    terms: chosen.map((each) => described(each, design, alike)),
    dropped: droppedTerms(chosen, assessed, design, library, alike),
    metrics,
    baselines: baselinesOf(design, library, recording, assessed),
    aliases: alike.classes,
    relations: alike.relations,
    nullTest: assessed.nullTest,
    fit: {
      r2: metrics?.r2 ?? 0,
      rows: recording.rows,
      dropped: recording.dropped,
      resampled: { by: design.blocksAre, blocks: design.blocks.length },
    },
    irrepresentable: chosen.length > 0 ? assessed.irrepresentable : null,
    path: assessed.path.map(({ support, left }) => ({
      terms: support.map((at) => design.terms[at]!.text),
      r2: 1 - left,
    })),
    runFolder: null,
  };
}

/** Shifted changes that agree with the library as well as the recorded ones this often: nothing is claimed. */
const NULL_LEVEL = 0.05;

interface Chosen extends AssessedTerm {
  readonly term: Term;
  /** Of its coefficient in the printed rule. */
  readonly id: string;
  /** The coefficient as it is printed, and half of its 95 % interval, if that is known. */
  readonly value: string;
  readonly spread: string | null;
}

/** The terms with the names of their coefficients: theta1, theta2, … where the space gives none. */
function chosenTerms({ terms }: Assessment, design: Design, { named, table }: Library): Chosen[] {
  const nextName = freeNames(table, 'theta');
  return terms.map((each) => {
    const term = design.terms[each.column]!;
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

function printedRule(chosen: readonly Chosen[], { frame }: Library): string {
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

function described(
  { term, id, value, interval, inclusion, verdict, instead, p }: Chosen,
  { terms }: Design,
  alike: Alike,
): InferResult['terms'][number] {
  const aliases = alike.aliasesOf(term);
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

/** Why each term of the library is not in the rule. */
function droppedTerms(
  chosen: readonly Chosen[],
  { terms, unstable }: Assessment,
  design: Design,
  library: Library,
  alike: Alike,
): InferResult['dropped'] {
  const kept = new Set(chosen.map(({ term }) => term));
  const reasons = new Map([
    ...terms.map(({ column }): [Term, string] => [design.terms[column]!, CHANCE]),
    ...unstable.map((at): [Term, string] => [
      design.terms[at]!,
      'not found again in resampled data',
    ]),
  ]);
  return library.terms
    .filter((term) => !kept.has(term))
    .map((term) => {
      const by = alike.reason(term) ?? reasons.get(term) ?? 'not worth a coefficient';
      return { id: term.id, text: term.text, by };
    });
}
