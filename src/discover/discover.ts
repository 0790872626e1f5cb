import type { Term } from '../algebra/types.js';
import type { Interval } from '../experiments/intervals.js';
import type { Study } from '../experiments/study.js';
import {
  combination,
  extraTerms,
  GRADIENT_COEFFICIENT,
  gradientAndTerm,
  gradientRule,
  leadingTerm,
  printed,
} from './candidates.js';
import type { Crew } from './crew.js';
import type { TrainJob, TrainResult } from './jobs.js';
import { type DiscoveryPlan, searchJob } from './plan.js';
import {
  CHOOSE_TASKS,
  chooseJob,
  prune,
  refine,
  termsIn,
  type Values,
  valuesOf,
} from './refine.js';
import type { DiscoveryResult } from './result.js';
import { type Contender, gainOf, metricsOf, scoreContenders } from './score.js';
import { meanLoss, survivors } from './select.js';

/** What a discovery finds out; the caller adds LaTeX, places and times. */
export interface Findings {
  /** The printed text that was scored; null when no term is left. */
  readonly ruleText: string | null;
  readonly terms: readonly {
    readonly term: Term;
    readonly coefficient: number;
    readonly effect: Interval | null;
  }[];
  readonly dropped: DiscoveryResult['dropped'];
  readonly metrics: DiscoveryResult['metrics'];
  readonly baselines: DiscoveryResult['baselines'];
  readonly gain: DiscoveryResult['gain'];
  readonly divergedEpisodes: number;
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
 * 4. print the rule, and score exactly the printed text beside its baselines on held-out tasks.
 * Every learner has the same number of episodes in all.
 */
export async function discover(plan: DiscoveryPlan, crew: Crew): Promise<Findings> {
  const budget = announce(plan, crew);
  const searched = await search(plan, crew, budget);
  const ids = plan.library.terms.map(({ id }) => id);
  const kept = survivors(searched.pool, plan.select.threshold, ids);
  const left = await prune(plan, crew, valuesOf(plan, searched.pool, kept));
  const candidates = singleCandidates(plan, searched.pool);
  const fitting = singlesFitting(plan, candidates, budget);
  const refined = await refine(plan, crew, left, budget.refit, fitting);
  const final = refined.rule;
  const singles = refined.beside;
  const best = await bestSingle(plan, crew, candidates, singles);

  const { values, effects } = final;
  const text =
    termsIn(plan, values).length > 0 ? combination('discovered', plan, values, false) : null;
  const contenders = contendersOf(plan, text, searched, best);
  const scores = await scoreContenders(plan, crew, contenders);
  const scored = contenders.map((contender, i) => ({
    name: contender.name,
    about: contender.about,
    text: contender.ruleText,
    metrics: metricsOf(plan, contender, scores[i]!),
  }));
  const alignment = contenders.findIndex(({ name }) => name === 'feedback-alignment');
  const searches = [searched.pool, ...searched.gradients, ...refined.searches, ...singles];
  return {
    ruleText: text,
    terms: plan.library.terms.flatMap((term) => {
      const value = values.get(term.id);
      const effect = effects.get(term.id) ?? null;
      return value === undefined ? [] : [{ term, coefficient: Number(printed(value)), effect }];
    }),
    dropped: droppedTerms(plan, kept, values),
    metrics: text ? scored[0]!.metrics : null,
    baselines: text ? scored.slice(1) : scored,
    gain:
      text && alignment >= 0
        ? gainOf(plan, contenders[alignment]!.name, scores[0]!, scores[alignment]!)
        : null,
    divergedEpisodes: searches.reduce((sum, result) => sum + (result?.diverged ?? 0), 0),
  };
}

interface Budget {
  /** Meta-steps of the penalised search, of the refit, and of every baseline: the sum. */
  readonly search: number;
  readonly refit: number;
  readonly whole: number;
}

function announce(plan: DiscoveryPlan, crew: Crew): Budget {
  const search = plan.learner.episodes;
  const refit = search === 0 ? 0 : plan.select.refitEpisodes;
  const whole = search + refit;
  const singles = plan.baselines.includes('best-single-term')
    ? Math.min(MOST_SINGLES, candidatesOf(plan).length)
    : 0;
  const gradients = plan.baselines.filter((name) => name !== 'best-single-term').length;
  const searches = whole * (1 + gradients + singles) * plan.learner.batch;
  const choosing = CHOOSE_TASKS * (singles + EXAMINATIONS);
  crew.expect(searches + choosing + plan.evaluate.tasks * (1 + plan.baselines.length));
  return { search, refit, whole };
}

interface Searched {
  readonly pool: TrainResult;
  /** Feedback alignment, backpropagation; null where not asked for. */
  readonly gradients: readonly (TrainResult | null)[];
}

const GRADIENTS = [
  { name: 'feedback-alignment', feedback: 'random' },
  { name: 'backpropagation', feedback: 'symmetric' },
] as const;

/** The same study, with another way for errors to come back. */
function withFeedback(study: Study, feedback: (typeof GRADIENTS)[number]['feedback']): Study {
  const { circuit } = study;
  return circuit.name === 'feed-forward' ? { ...study, circuit: { ...circuit, feedback } } : study;
}

async function search(plan: DiscoveryPlan, crew: Crew, budget: Budget): Promise<Searched> {
  const { library, learner, baselines } = plan;
  // The error term starts at the learning rate, all others at 0, as in the paper.
  const leading = leadingTerm(library);
  const start = new Map(
    library.terms.map(({ id }) => [id, id === leading.id ? leading.sign * learner.start : 0]),
  );
  const pool = searchJob(plan, 'search', combination('search', plan, start, true), {
    steps: budget.search,
    penalised: true,
    reference: leading.id,
  });
  const wanted = GRADIENTS.filter(({ name }) => baselines.includes(name));
  const gradients = wanted.map(({ name, feedback }) =>
    searchJob(plan, name, gradientRule(learner.start, true), {
      steps: budget.whole,
      penalised: false,
      reference: GRADIENT_COEFFICIENT,
      study: withFeedback(plan.study, feedback),
    }),
  );
  const [found, ...others] = await crew.run([pool, ...gradients]);
  return {
    pool: found!,
    gradients: GRADIENTS.map(({ name }) => {
      const at = wanted.findIndex((each) => each.name === name);
      return at < 0 ? null : others[at]!;
    }),
  };
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

function contendersOf(
  plan: DiscoveryPlan,
  text: string | null,
  searched: Searched,
  best: { term: Term; ruleText: string } | null,
): Contender[] {
  const found: Contender[] = text
    ? [{ name: 'discovered', about: 'the printed rule', ruleText: text, study: plan.study }]
    : [];
  const abouts = [
    'gradient of the error through fixed random feedback',
    'the same through the forward weights',
  ];
  const gradients = GRADIENTS.flatMap(({ name, feedback }, k): Contender[] => {
    const result = searched.gradients[k];
    if (!result) return [];
    const ruleText = gradientRule(result.coefficients[0]!, false);
    return [{ name, about: abouts[k]!, ruleText, study: withFeedback(plan.study, feedback) }];
  });
  const single: Contender[] = best
    ? [
        {
          name: 'best-single-term',
          about: plan.hasGradient ? `feedback alignment and ${best.term.id}` : best.term.id,
          ruleText: best.ruleText,
          study: plan.study,
        },
      ]
    : [];
  return [...found, ...gradients, ...single];
}

function droppedTerms(
  plan: DiscoveryPlan,
  kept: readonly string[],
  final: Values,
): DiscoveryResult['dropped'] {
  return plan.library.terms
    .filter(({ id }) => !final.has(id))
    .map(({ id, text }) => ({
      id,
      text,
      by: kept.includes(id) ? 'not missed on fresh tasks' : 'small or zero in the search',
    }));
}
