import type { Term } from '../algebra/types.js';
import {
  combination,
  extraTerms,
  GRADIENT_COEFFICIENT,
  gradientAndTerm,
  gradientRule,
  gradientTermOf,
} from './candidates.js';
import type { Crew } from './crew.js';
import type { TriedRule } from './front.js';
import type { TrainJob, TrainResult } from './jobs.js';
import { chooseJob, type DiscoveryPlan, searchJob } from './plan.js';
import type { Contender } from './score.js';
import type { Budget } from './search-once.js';
import { meanLoss } from './select.js';
import type { Values } from './several-fits.js';

/** Single extra terms that are tried; of a larger library those with the largest coefficients. */
export const MOST_SINGLES = 12;

/** Terms that are tried on their own, after a search of all of them. */
export function singleCandidates(plan: DiscoveryPlan, pool: TrainResult): Term[] {
  if (!plan.baselines.includes('best-single-term')) return [];
  const size = (term: Term): number => Math.abs(pool.standardised[pool.names.indexOf(term.id)]!);
  const extra = candidatesOf(plan);
  if (extra.length <= MOST_SINGLES) return extra;
  return [...extra].sort((a, b) => size(b) - size(a)).slice(0, MOST_SINGLES);
}

/** Terms that are tried on their own: beside the gradient where there is one. */
export function candidatesOf({ library, hasGradient }: DiscoveryPlan): Term[] {
  return hasGradient ? extraTerms(library) : [...library.terms];
}

/** A term on its own, beside the gradient where there is one. */
function singleText(plan: DiscoveryPlan, term: Term, values: Values, fit: boolean): string {
  if (!plan.hasGradient)
    return combination(`only_${term.id}`, plan, onlyTerm(plan, term, values), fit);
  return gradientAndTerm(plan, values.get(GRADIENT_COEFFICIENT)!, term, values, fit);
}

const onlyTerm = ({ library }: DiscoveryPlan, { id }: Term, values: Values): Values =>
  new Map([...values].filter(([name]) => name === id || !library.terms.some((t) => t.id === name)));

/** Each candidate on its own, fitted with the whole budget. */
export function singlesFitting(
  plan: DiscoveryPlan,
  candidates: readonly Term[],
  budget: Budget,
): TrainJob[] {
  return candidates.map((term) => {
    const rate = plan.learner.start;
    const values = plan.hasGradient ? [[GRADIENT_COEFFICIENT, rate]] : [[term.id, rate]];
    const text = singleText(plan, term, new Map(values as [string, number][]), true);
    return searchJob(plan, `single ${term.id}`, text, {
      steps: budget.whole,
      penalised: false,
      reference: plan.hasGradient ? GRADIENT_COEFFICIENT : term.id,
    });
  });
}

export async function bestSingle(
  plan: DiscoveryPlan,
  crew: Crew,
  candidates: readonly Term[],
  fits: readonly TrainResult[],
): Promise<{ term: Term; ruleText: string } | null> {
  if (candidates.length === 0) return null;
  const texts = candidates.map((term, k) => {
    const { names, coefficients } = fits[k]!;
    const values = new Map(names.map((name, at) => [name, coefficients[at]!]));
    return singleText(plan, term, values, false);
  });
  const scores = await crew.run(texts.map((text) => chooseJob(plan, text)));
  const losses = scores.map((score) => meanLoss(score, scores));
  const best = losses.indexOf(Math.min(...losses));
  return { term: candidates[best]!, ruleText: texts[best]! };
}

/** The gradient alone, and with the best single term, as far as they are rules of the space. */
export function simplest(
  plan: DiscoveryPlan,
  jobs: readonly TrainJob[],
  results: readonly TrainResult[],
  best: { term: Term; ruleText: string } | null,
): TriedRule[] {
  if (!plan.hasGradient) return best ? [{ terms: [best.term.id], text: best.ruleText }] : [];
  const gradient = gradientTermOf(plan.library);
  if (!gradient) return [];
  const order = plan.library.terms.map(({ id }) => id);
  const terms = [gradient.id, ...(best ? [best.term.id] : [])];
  terms.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const same = jobs.findIndex(({ study }) => JSON.stringify(study) === JSON.stringify(plan.study));
  return [
    ...(best ? [{ terms, text: best.ruleText }] : []),
    ...(same < 0
      ? []
      : [{ terms: [gradient.id], text: gradientRule(results[same]!.coefficients[0]!, false) }]),
  ];
}

export function contendersOf(
  plan: DiscoveryPlan,
  gradients: readonly Contender[],
  best: { term: Term; ruleText: string } | null,
): Contender[] {
  if (!best) return [...gradients];
  const about = plan.hasGradient ? `feedback alignment and ${best.term.id}` : best.term.id;
  const { ruleText } = best;
  const coefficients = [...(plan.hasGradient ? [GRADIENT_COEFFICIENT] : []), best.term.id];
  const { study } = plan;
  return [...gradients, { name: 'best-single-term', about, ruleText, coefficients, study }];
}
