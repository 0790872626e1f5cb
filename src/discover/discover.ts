import type { Term } from '../algebra/types.js';
import {
  combination,
  extraTerms,
  GRADIENT_COEFFICIENT,
  gradientAndTerm,
  gradientRule,
  gradientTermOf,
  printed,
} from './candidates.js';
import { type Assessment, assessAlone, combine } from './combine.js';
import type { Crew } from './crew.js';
import { type Grown, growRule } from './forward/grow.js';
import { frontOf, type TriedRule, triedRule } from './front.js';
import { gradientContenders, gradientJobs } from './gradients.js';
import type { TrainJob, TrainResult } from './jobs.js';
import { chooseJob, type DiscoveryPlan, searchJob } from './plan.js';
import { termsIn } from './refine.js';
import type { DiscoveryResult } from './result.js';
import { type Contender, outcomeOf } from './score.js';
import { type Beside, type Budget, budgetOf, type Selected, searchOnce } from './search-once.js';
import { meanLoss } from './select.js';
import type { Values } from './several-fits.js';

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
    | 'divergedEpisodes'
  > {
  /** The printed text that was scored; null when no term is left. */
  readonly ruleText: string | null;
}

/** Rules that pruning and refitting usually compare, for the time left. */
const EXAMINATIONS = 12;
/** Single extra terms that are tried; of a larger library those with the largest coefficients. */
const MOST_SINGLES = 12;

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
  if (plan.select.method === 'forward') return discoverForward(plan, crew);
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
  const outcome = await outcomeOf(plan, crew, text, contenders, 'feedback-alignment');
  const texts = new Map(plan.library.terms.map((term) => [term.id, term.text]));
  const searches = [
    ...selections.flatMap((each) => each.searches),
    ...first.beside.search,
    ...first.beside.refit,
    ...assessed.searches,
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

/** The same with rules that grow term by term. */
async function discoverForward(plan: DiscoveryPlan, crew: Crew): Promise<Findings> {
  const budget = budgetOf(plan);
  const gradients = gradientJobs(plan, budget);
  const gradientFits = await crew.run(gradients);
  const grown = await growRule(plan, crew, budget);
  const candidates = plan.baselines.includes('best-single-term') ? bestPair(plan, grown) : [];
  const fits = await crew.run(singlesFitting(plan, candidates, budget));
  const best = await bestSingle(plan, crew, candidates, fits);
  const assessed = assessAlone(plan, grown.rule);
  const { values } = assessed;
  const text =
    termsIn(plan, values).length > 0 ? combination('discovered', plan, values, false) : null;
  const front = await frontOf(plan, crew, triedRule(plan, values), [
    ...grown.tried.map((each) => triedRule(plan, each.values)),
    ...simplest(plan, gradients, gradientFits, best),
  ]);
  const contenders = contendersOf(plan, gradientContenders(gradients, gradientFits), best);
  const outcome = await outcomeOf(plan, crew, text, contenders, 'feedback-alignment');
  const texts = new Map(plan.library.terms.map((term) => [term.id, term.text]));
  const searches = [...grown.searches, ...gradientFits, ...fits];
  const wasTried = new Set(grown.tried.flatMap((each) => termsIn(plan, each.values)));
  return {
    ruleText: text,
    terms: plan.library.terms.flatMap(({ id, text: written }) => {
      const trust = assessed.terms.get(id);
      if (!trust) return [];
      const coefficient = Number(printed(values.get(id)!, assessed.digits));
      return [{ id, text: written, coefficient, ...trust }];
    }),
    dropped: plan.library.terms
      .filter(({ id }) => !assessed.terms.has(id))
      .map(({ id, text: written }) => ({
        id,
        text: written,
        by: wasTried.has(id) ? 'tried, and others did better' : 'not among those worth a fit',
      }))
      .sort((a, b) => Number(wasTried.has(b.id)) - Number(wasTried.has(a.id))),
    candidates: {
      ...grown.candidates,
      alike: [...assessed.terms.keys()].flatMap((id) => {
        const others = grown.aliases.get(id) ?? [];
        return others.length === 0 ? [] : [{ id, texts: others.map((each) => texts.get(each)!) }];
      }),
    },
    front,
    ...outcome,
    divergedEpisodes: searches.reduce((sum, { diverged }) => sum + diverged, 0),
  };
}

/** The term that did best beside the leading one, or alone where there is no gradient. */
function bestPair(plan: DiscoveryPlan, { tried }: Grown): Term[] {
  const pool = candidatesOf(plan);
  const gradient = gradientTermOf(plan.library)?.id;
  for (const { values } of tried) {
    const [one, ...more] = termsIn(plan, values).filter((id) => id !== gradient);
    const isPair = !gradient || values.has(gradient);
    const term = pool.find(({ id }) => id === one);
    if (isPair && term && more.length === 0) return [term];
  }
  return [];
}

function announce(plan: DiscoveryPlan, crew: Crew): Budget {
  const budget = budgetOf(plan);
  const { refit, whole } = budget;
  const singles = plan.baselines.includes('best-single-term')
    ? Math.min(MOST_SINGLES, candidatesOf(plan).length)
    : 0;
  const gradients = plan.baselines.filter((name) => name !== 'best-single-term').length;
  const { searches: count } = plan.select;
  // Some searches find other terms than are reported: these are fitted once more.
  const again = count > 1 ? (count * refit) / 2 : 0;
  const searches = (whole * (count + gradients + singles) + again) * plan.learner.batch;
  const choosing = plan.select.tasks * (singles + EXAMINATIONS * (count > 1 ? count + 1 : 1));
  crew.expect(searches + choosing + plan.evaluate.tasks * (1 + plan.baselines.length));
  return budget;
}

function singleCandidates(plan: DiscoveryPlan, pool: TrainResult): Term[] {
  if (!plan.baselines.includes('best-single-term')) return [];
  const size = (term: Term): number => Math.abs(pool.standardised[pool.names.indexOf(term.id)]!);
  const extra = candidatesOf(plan);
  if (extra.length <= MOST_SINGLES) return extra;
  return [...extra].sort((a, b) => size(b) - size(a)).slice(0, MOST_SINGLES);
}

/** Terms that are tried on their own: beside the gradient where there is one. */
function candidatesOf({ library, hasGradient }: DiscoveryPlan): Term[] {
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
function singlesFitting(
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

async function bestSingle(
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
function simplest(
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

function contendersOf(
  plan: DiscoveryPlan,
  gradients: readonly Contender[],
  best: { term: Term; ruleText: string } | null,
): Contender[] {
  if (!best) return [...gradients];
  const about = plan.hasGradient ? `feedback alignment and ${best.term.id}` : best.term.id;
  const { ruleText } = best;
  return [...gradients, { name: 'best-single-term', about, ruleText, study: plan.study }];
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
