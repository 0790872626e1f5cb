import { Stream } from '../base/random.js';
import { bootstrapMean } from '../experiments/intervals.js';
import { combination } from './candidates.js';
import type { Crew } from './crew.js';
import { chooseJob, type DiscoveryPlan } from './plan.js';
import { termsIn } from './refine.js';
import type { FrontRow } from './result.js';
import { comparableLosses } from './select.js';
import type { Values } from './several-fits.js';

/** A rule that was tried, with whatever coefficients it was given. */
export interface TriedRule {
  readonly terms: readonly string[];
  readonly text: string;
}

export function triedRule(plan: DiscoveryPlan, values: Values): TriedRule {
  return { terms: termsIn(plan, values), text: combination('part', plan, values, false) };
}

/**
 * Of every size the rule with the least loss, on the same fresh tasks. Of rules with the same terms the
 * first one counts; the reported one comes first.
 */
export async function frontOf(
  plan: DiscoveryPlan,
  crew: Crew,
  reported: TriedRule,
  others: readonly TriedRule[],
): Promise<FrontRow[]> {
  const byTerms = new Map<string, TriedRule>();
  for (const rule of [reported, ...others]) {
    const key = rule.terms.join(' ');
    if (key !== '' && !byTerms.has(key)) byTerms.set(key, rule);
  }
  const rules = [...byTerms.values()];
  const texts = [...new Set(rules.map(({ text }) => text))];
  const scores = await crew.run(texts.map((text) => chooseJob(plan, text)));
  const complexities = new Map(plan.library.terms.map(({ id, complexity }) => [id, complexity]));
  const best = new Map<number, FrontRow>();
  for (const { terms, text } of rules) {
    const losses = comparableLosses(scores[texts.indexOf(text)]!, scores);
    const stream = new Stream(plan.study.seed, 'front', ...terms);
    const loss = bootstrapMean(losses, plan.evaluate.level, stream);
    const before = best.get(terms.length);
    if (before && (before.reported || before.loss.mean <= loss.mean)) continue;
    best.set(terms.length, {
      terms,
      complexity: terms.reduce((sum, id) => sum + (complexities.get(id) ?? 0), 0),
      loss,
      reported: terms.join() === reported.terms.join(),
    });
  }
  return [...best.values()].sort((a, b) => a.terms.length - b.terms.length);
}

/** The table for a document; the reported rule has a star. */
export function latexFront(rows: readonly FrontRow[]): string {
  const name = (id: string): string => `\\texttt{${id.replaceAll('_', '\\_')}}`;
  const number = (value: number): string => `$${value.toFixed(3)}$`;
  const lines = rows.map(({ terms, complexity, loss, reported }) =>
    [
      `${terms.length}${reported ? '$^*$' : ''}`,
      String(complexity),
      `${number(loss.mean)} [${number(loss.lo)}, ${number(loss.hi)}]`,
      terms.map(name).join(', '),
    ].join(' & '),
  );
  return [
    '\\begin{tabular}{rrll}',
    '  Size & Complexity & Loss & Terms \\\\ \\hline',
    ...lines.map((line) => `  ${line} \\\\`),
    '\\end{tabular}',
  ].join('\n');
}
