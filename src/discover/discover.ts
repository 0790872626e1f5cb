import { combination, printed } from './candidates.js';
import { type Assessment, assessAlone, combine } from './combine.js';
import type { Crew } from './crew.js';
import { frontOf, triedRule } from './front.js';
import { gradientContenders, gradientJobs } from './gradients.js';
import { type DiscoveryPlan, episodesAStep } from './plan.js';
import { termsIn } from './refine.js';
import type { DiscoveryResult } from './result.js';
import { fitRivals } from './rivals.js';
import { outcomeOf } from './score.js';
import { type Beside, type Budget, budgetOf, type Selected, searchOnce } from './search-once.js';
import {
  bestSingle,
  candidatesOf,
  contendersOf,
  MOST_SINGLES,
  simplest,
  singleCandidates,
  singlesFitting,
} from './singles.js';

/** What a discovery finds out; the caller adds LaTeX, places and times. */
export interface Findings
  extends Pick<
    DiscoveryResult,
    | 'terms'
    | 'dropped'
    | 'candidates'
    | 'front'
    | 'metrics'
    | 'baselines'
    | 'gain'
    | 'also'
    | 'divergedEpisodes'
  > {
  /** The printed text that was scored; null when no term is left. */
  readonly ruleText: string | null;
}

/** Rules that pruning and refitting usually compare, for the time left. */
const EXAMINATIONS = 12;
/**
 * The discovery, phase by phase:
 * 1. search: all terms at once with the L1 penalty; beside it feedback alignment and backpropagation,
 * 2. select: keep what is large in standardised units, then leave out, one by one, terms that are
 *    not missed on fresh tasks,
 * 3. refit what is left without the penalty, and leave out what is not missed then; beside it each single
 *    extra term on its own,
 * 4. where several searches are asked for, do this as often, and take what most of them found,
 * 5. print the rule, and score exactly the printed text beside its baselines on held-out tasks.
 * Every search has as many episodes as every competitor.
 */
export async function discover(plan: DiscoveryPlan, crew: Crew): Promise<Findings> {
  const budget = announce(plan, crew);
  const gradients = gradientJobs(plan, budget);
  const beside: Beside = {
    search: gradients,
    refit: (pool) => singlesFitting(plan, singleCandidates(plan, pool), budget),
  };
  const further = Array.from({ length: plan.select.searches - 1 }, (_, k) => k + 1);
  const selections = await crew.together([
    () => searchOnce(plan, crew, budget, beside),
    ...further.map((sample) => () => searchOnce({ ...plan, sample }, crew, budget)),
  ]);
  const rivals = await fitRivals(plan, crew, budget);
  const first = selections[0]!;
  const candidates = singleCandidates(plan, first.pool);
  const best = await bestSingle(plan, crew, candidates, first.beside.refit);
  const assessed =
    selections.length === 1
      ? assessAlone(plan, first.rule)
      : await combine(plan, crew, selections, budget);

  const { values } = assessed;
  const printing = { ...plan, digits: assessed.digits };
  const text =
    termsIn(plan, values).length > 0 ? combination('discovered', printing, values, false) : null;
  const front = await frontOf(
    { ...plan, sample: selections.length === 1 ? 0 : selections.length },
    crew,
    triedRule(printing, values),
    [
      ...selections
        .flatMap(({ all, tried }) => [all, ...tried.map((each) => each.values)])
        .map((each) => triedRule(plan, each)),
      ...simplest(plan, gradients, first.beside.search, best),
    ],
  );
  const contenders = contendersOf(plan, gradientContenders(gradients, first.beside.search), best);
  const rule = text === null ? null : { ruleText: text, coefficients: termsIn(plan, values) };
  const all = [...contenders, ...rivals.contenders];
  const outcome = await outcomeOf(plan, crew, rule, all, 'feedback-alignment');
  const texts = new Map(plan.library.terms.map((term) => [term.id, term.text]));
  const searches = [
    ...selections.flatMap((each) => each.searches),
    ...first.beside.search,
    ...first.beside.refit,
    ...assessed.searches,
    ...rivals.searches,
  ];
  return {
    ruleText: text,
    terms: plan.library.terms.flatMap((term) => {
      const trust = assessed.terms.get(term.id);
      if (!trust) return [];
      const coefficient = Number(printed(values.get(term.id)!, assessed.digits));
      const aliases = trust.aliases.map((id) => texts.get(id)!);
      return [{ id: term.id, text: term.text, coefficient, ...trust, aliases }];
    }),
    dropped: droppedTerms(plan, selections, assessed),
    candidates: null,
    front,
    ...outcome,
    divergedEpisodes: searches.reduce((sum, { diverged }) => sum + diverged, 0),
  };
}

function announce(plan: DiscoveryPlan, crew: Crew): Budget {
  const budget = budgetOf(plan);
  const { refit, whole } = budget;
  const singles = plan.baselines.includes('best-single-term')
    ? Math.min(MOST_SINGLES, candidatesOf(plan).length)
    : 0;
  const others = plan.baselines.filter((name) => name !== 'best-single-term').length;
  const { searches: count } = plan.select;
  // Some searches find other terms than are reported: these are fitted once more.
  const again = count > 1 ? (count * refit) / 2 : 0;
  const searches = (whole * (count + others + singles) + again) * episodesAStep(plan.learner);
  const choosing = plan.select.tasks * (singles + EXAMINATIONS * (count > 1 ? count + 1 : 1));
  crew.expect(searches + choosing + plan.evaluate.tasks * (1 + plan.baselines.length));
  return budget;
}

function droppedTerms(
  plan: DiscoveryPlan,
  selections: readonly Selected[],
  { terms, inclusion }: Assessment,
): DiscoveryResult['dropped'] {
  const reason = (id: string): string => {
    const found = Math.round((inclusion?.get(id) ?? 0) * selections.length);
    if (found > 0) return `found in ${found} of ${selections.length} searches`;
    const wasKept = selections.some(({ kept }) => kept.includes(id));
    return wasKept ? 'not missed on fresh tasks' : 'small or zero in the search';
  };
  return plan.library.terms
    .filter(({ id }) => !terms.has(id))
    .map(({ id, text }) => ({ id, text, by: reason(id) }));
}
