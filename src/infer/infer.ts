import { Stream } from '../base/random.js';
import { readRuleText } from '../experiments/attached.js';
import { latexOf } from '../express/latex.js';
import { aliasesOf } from './alike.js';
import { baselinesOf } from './baselines.js';
import { designOf, withTerms } from './design.js';
import { tableWithExtents } from './extents.js';
import { factoredRule } from './factored.js';
import type { Library } from './library.js';
import { fittedTogether } from './memory/joint.js';
import { settle, termsElsewhere } from './memory/settle.js';
import { metricsOfText } from './metrics.js';
import { recognise } from './recognise.js';
import type { Recording } from './recording.js';
import type { DriftModel, InferResult } from './result.js';
import { chosenTerms, described, droppedTerms, printedRule, refusedRule } from './rule-words.js';
import { type Assessment, assess } from './trust/assess.js';
import { type Series, seriesOf } from './trust/series.js';

export interface InferOptions {
  /** The column with the changes of the weight. */
  readonly target: string;
  readonly seed: number;
}

/**
 * Fits a rule to recorded changes of weights, phase by phase:
 * 1. design: every term in every row; where the space marks parameters `fit`, at the values that suit
 *    the recording best,
 * 2. aliases: what no changes of weights could tell apart on these data; one term of each class stays,
 * 3. select and assess: the terms that are worth their coefficients, the same on resampled blocks, the
 *    test against changes that were shifted in time, verdicts,
 * 4. print the rule, parse it again, and compute from exactly that what it explains, beside baselines.
 */
export function infer(recording: Recording, asked: Library, options: InferOptions): InferResult {
  const target = recording.columns.get(options.target);
  if (!target) throw new RangeError(`${recording.name} has no column ${options.target}`);
  const settled = settle(asked, recording, target);
  const whole = designOf(settled?.library ?? asked, recording, target);
  const alike = aliasesOf(whole, recording);
  const design = withTerms(whole, alike.kept);
  const series = fewer(seriesOf(recording));
  const stream = new Stream(options.seed, 'infer');
  const elsewhere = settled ? termsElsewhere(settled) : [];
  const first = assess({ ...design, series, elsewhere }, { stream });
  const {
    assessment: assessed,
    fitted,
    library,
  } = settled
    ? fittedTogether(settled, design, first, stream.child('parameters'))
    : { assessment: first, fitted: [], library: asked };
  const chosen = chosenTerms(assessed, design.terms, library);
  const text = chosen.length > 0 ? printedRule(chosen, library) : null;
  const metrics = text === null ? null : metricsOfText(text, library, recording, target);
  return {
    schemaVersion: 1,
    recording: recording.name,
    target: options.target,
    observed: 'changes',
    seed: options.seed,
    engine: null,
    rule:
      text === null
        ? null
        : {
            text,
            latex: latexOf(
              readRuleText('rule.rule', text, tableWithExtents(library.table, recording)),
            ),
          },
    refused: refusedRule(assessed, design.terms),
    factored: factoredRule(chosen, library, recording, target),
    known: recognise(chosen, library),
    terms: chosen.map((each) => described(each, design.terms, alike.aliasesOf(each.term))),
    ...(fitted.length > 0 && { fitted }),
    dropped: droppedTerms(chosen, assessed, design.terms, library, alike.reason),
    metrics,
    baselines: baselinesOf(design, library, recording, assessed),
    aliases: alike.classes,
    relations: alike.relations,
    nearAliases: alike.near,
    nullTest: { ...assessed.nullTest, rows: rowsOf(series), drift: driftOf(assessed) },
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

function driftOf({ slow }: Assessment): DriftModel | null {
  return slow && { r2: 1 - slow.left, numbers: slow.numbers, of: slow.of };
}

/** Each shift costs a pass over the rows: of larger recordings whole courses of time are left out. */
const MOST_SHIFTED = 200_000;

/** Every so many-th course, so that together they have about as many rows as are shifted at most. */
function fewer(series: readonly Series[]): readonly Series[] {
  const every = Math.ceil(rowsOf(series) / MOST_SHIFTED);
  const kept = series.filter((_, k) => k % every === 0);
  return kept.map(({ rows, group }) => ({ rows: rows.subarray(0, MOST_SHIFTED), group }));
}

const rowsOf = (series: readonly Series[]): number =>
  series.reduce((sum, { rows }) => sum + rows.length, 0);
