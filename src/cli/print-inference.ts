import type { FitMetrics, InferResult } from '../infer/result.js';
import { count, pairs, section, table, wrap, wrapFormula } from './layout.js';
import type { Style } from './style.js';

/** A rule inferred from a recording as a person reads it. */
export function printInference(result: InferResult, style: Style): string {
  const blocks = [
    ...ruleBlocks(result, style),
    ...termsBlock(result, style),
    ...relationsBlock(result, style),
    section('On the recording', scores(result, inset(style)), style),
    section('Run', facts(result, inset(style)), style),
  ];
  return blocks.join('\n\n');
}

/** What stands in a section is indented by two. */
const inset = (style: Style): Style => ({ ...style, width: style.width - 2 });

function ruleBlocks({ rule }: InferResult, style: Style): string[] {
  if (rule === null) {
    return [section('No rule', 'No term explains the changes better than chance would.', style)];
  }
  const formula = (heading: string, written: string): string =>
    section(heading, wrapFormula(written, style.width - 2), style);
  return [
    formula('The rule', rule.text.trimEnd()),
    formula('LaTeX, one synapse', rule.latex.synapse),
    formula('LaTeX, matrices', rule.latex.matrix),
  ];
}

function termsBlock({ terms }: InferResult, style: Style): string[] {
  if (terms.length === 0) return [];
  const rows = terms.map(({ id, text, coefficient, interval, inclusion, verdict, aliases }) => [
    id,
    interval ? `${coefficient} [${interval[0]}, ${interval[1]}]` : String(coefficient),
    inclusion === null ? '–' : (100 * inclusion).toFixed(0),
    verdict,
    [text, ...aliases].join(', or '),
  ]);
  const headings = ['term', 'coefficient', 'found in %', 'verdict', 'text'];
  const right = ['coefficient', 'found in %'];
  return [section('Its terms', table(headings, rows, inset(style), right), style)];
}

/** What the recording cannot tell apart, why, and what would. */
function relationsBlock({ relations }: InferResult, style: Style): string[] {
  if (relations.length === 0) return [];
  const lines = relations.flatMap(({ formula, consequences, remedy }) => {
    const more = consequences > 0 ? ` (and ${count(consequences, 'product')} with it)` : '';
    return [`${formula}${more}`, ...wrap(remedy, style.width - 4).map((line) => `  ${line}`)];
  });
  return [section('Alike on these data', lines.join('\n'), style)];
}

function scores({ metrics, baselines }: InferResult, style: Style): string {
  const row = (name: string, { r2, loss }: FitMetrics): string[] => [
    name,
    r2 === null ? '–' : r2.toFixed(4),
    loss.toExponential(3),
  ];
  const rows = [
    ...(metrics ? [row('the rule', metrics)] : []),
    ...baselines.map((baseline) => row(baseline.name, baseline.metrics)),
  ];
  return table(['rule', 'R²', 'mean square left'], rows, style, ['R²', 'mean square left']);
}

function facts({ recording, target, fit, seed }: InferResult, style: Style): string {
  return pairs(
    [
      ['recording', `${recording}, ${count(fit.rows, 'row')}`],
      ['explained', target],
      ['seed', String(seed)],
    ],
    style,
  );
}
