import type { Term } from '../algebra/types.js';
import { Stream } from '../base/random.js';
import { combination, extraTerms, gradientAndTerm, gradientRule, printed } from './candidates.js';
import type { Crew } from './crew.js';
import type { Interval } from './intervals.js';
import type { ScoreJob, TrainResult } from './jobs.js';
import { type DiscoveryPlan, searchJob } from './plan.js';
import type { DiscoveryResult } from './result.js';
import { type Contender, gainOf, metricsOf, scoreContenders } from './score.js';
import { dropEffect, leastMissed, meanLoss, survivors } from './select.js';

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

/** Tasks on which candidates are compared: from the images of the search, never the held-out ones. */
const CHOOSE_TASKS = 24;
/** Single extra terms that are tried; of a larger library those with the largest coefficients. */
const MOST_SINGLES = 12;

/**
 * The discovery, phase by phase:
 * 1. search: all terms at once with the L1 penalty; beside it feedback alignment and backpropagation,
 * 2. select: keep what is large in standardised units, refit without the penalty,
 *    and each single extra term on its own,
 * 3. prune: leave out, one by one, terms that are not missed on fresh tasks; refit,
 * 4. print the rule, and score exactly the printed text beside its baselines on held-out tasks.
 * Every learner has the same number of episodes in all.
 */
export async function discover(plan: DiscoveryPlan, crew: Crew): Promise<Findings> {
  const budget = announce(plan, crew);
  const searched = await search(plan, crew, budget);
  const kept = survivors(searched.pool, plan.select.threshold);
  const candidates = singleCandidates(plan, searched.pool);
  const fitted = await refit(plan, crew, searched.pool, kept, candidates, budget);
  const pruned = await prune(plan, crew, fitted.rule, kept);
  const final = pruned.coefficients;
  const text = final.size > 0 ? combination('discovered', plan.library, final, false) : null;
  const best = await bestSingle(plan, crew, candidates, fitted.singles);

  const contenders = contendersOf(plan, text, searched, best);
  const scores = await scoreContenders(plan, crew, contenders);
  const scored = contenders.map((contender, i) => ({
    name: contender.name,
    about: contender.about,
    text: contender.ruleText,
    metrics: metricsOf(plan, contender, scores[i]!),
  }));
  const alignment = contenders.findIndex(({ name }) => name === 'feedback-alignment');
  return {
    ruleText: text,
    terms: plan.library.terms.flatMap((term) => {
      const value = final.get(term.id);
      const effect = pruned.effects.get(term.id) ?? null;
      return value === undefined ? [] : [{ term, coefficient: Number(printed(value)), effect }];
    }),
    dropped: droppedTerms(plan, kept, final),
    metrics: text ? scored[0]!.metrics : null,
    baselines: text ? scored.slice(1) : scored,
    gain: text && alignment >= 0 ? gainOf(plan, scores[0]!, scores[alignment]!) : null,
    divergedEpisodes: [searched.pool, ...searched.gradients, fitted.rule, ...fitted.singles]
      .map((result) => result?.diverged ?? 0)
      .reduce((sum, count) => sum + count, 0),
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
    ? Math.min(MOST_SINGLES, extraTerms(plan.library).length)
    : 0;
  const gradients = plan.baselines.filter((name) => name !== 'best-single-term').length;
  const searches = whole * (1 + gradients + singles) * plan.learner.batch;
  const choosing = CHOOSE_TASKS * (singles + 4);
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

async function search(plan: DiscoveryPlan, crew: Crew, budget: Budget): Promise<Searched> {
  const { library, learner, baselines } = plan;
  // The first term starts at the learning rate, all others at 0, as in the paper.
  const start = new Map(library.terms.map(({ id }, k) => [id, k === 0 ? learner.start : 0]));
  const pool = searchJob(plan, 'search', combination('search', library, start, true), {
    steps: budget.search,
    penalised: true,
  });
  const wanted = GRADIENTS.filter(({ name }) => baselines.includes(name));
  const gradients = wanted.map(({ name, feedback }) =>
    searchJob(plan, name, gradientRule(learner.start, true), {
      steps: budget.whole,
      penalised: false,
      feedback,
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
  const extra = extraTerms(plan.library);
  if (extra.length <= MOST_SINGLES) return extra;
  return [...extra].sort((a, b) => size(b) - size(a)).slice(0, MOST_SINGLES);
}

async function refit(
  plan: DiscoveryPlan,
  crew: Crew,
  pool: TrainResult,
  kept: readonly string[],
  candidates: readonly Term[],
  budget: Budget,
): Promise<{ rule: TrainResult | null; singles: TrainResult[] }> {
  const begun = coefficientsOf(pool, kept);
  const rule = kept.length > 0 ? [refitJob(plan, 'refit', begun, budget.refit)] : [];
  const singles = candidates.map((term) =>
    searchJob(plan, `single ${term.id}`, gradientAndTerm(plan.learner.start, term, 0, true), {
      steps: budget.whole,
      penalised: false,
    }),
  );
  const results = await crew.run([...rule, ...singles]);
  return {
    rule: rule.length > 0 ? results[0]! : null,
    singles: results.slice(rule.length),
  };
}

function refitJob(
  plan: DiscoveryPlan,
  id: string,
  start: ReadonlyMap<string, number>,
  steps: number,
) {
  const text = combination('refit', plan.library, start, true);
  return searchJob(plan, id, text, { steps, penalised: false });
}

/** Leaves out terms that are not missed, the least missed first, and refits what is left. */
async function prune(
  plan: DiscoveryPlan,
  crew: Crew,
  fitted: TrainResult | null,
  kept: readonly string[],
): Promise<{ coefficients: Map<string, number>; effects: Map<string, Interval> }> {
  if (!fitted) return { coefficients: new Map(), effects: new Map() };
  let left = [...kept];
  for (;;) {
    const whole = coefficientsOf(fitted, left);
    if (left.length < 2) {
      return { coefficients: await refitted(plan, crew, fitted, kept, left), effects: new Map() };
    }
    const label = left.join(' ');
    const [full, ...without] = await crew.run([
      chooseJob(plan, `choose ${label}`, combination('whole', plan.library, whole, false)),
      ...left.map((id) => {
        const rest = new Map([...whole].filter(([other]) => other !== id));
        const text = combination('without', plan.library, rest, false);
        return chooseJob(plan, `choose ${label} without ${id}`, text);
      }),
    ]);
    const effects = new Map(
      left.map((id, k) => {
        const stream = new Stream(plan.study.seed, 'effect', label, id);
        return [id, dropEffect(full!, without[k]!, plan.evaluate.level, stream)];
      }),
    );
    const leave = leastMissed(effects);
    if (leave === null) {
      return { coefficients: await refitted(plan, crew, fitted, kept, left), effects };
    }
    left = left.filter((id) => id !== leave);
  }
}

/** The coefficients of what is left; fitted once more if something was left out. */
async function refitted(
  plan: DiscoveryPlan,
  crew: Crew,
  fitted: TrainResult,
  kept: readonly string[],
  left: readonly string[],
): Promise<Map<string, number>> {
  const start = coefficientsOf(fitted, left);
  if (left.length === kept.length) return start;
  const steps = plan.learner.episodes === 0 ? 0 : plan.select.refitEpisodes;
  const [again] = await crew.run([refitJob(plan, `refit ${left.join(' ')}`, start, steps)]);
  return coefficientsOf(again!, left);
}

async function bestSingle(
  plan: DiscoveryPlan,
  crew: Crew,
  candidates: readonly Term[],
  fits: readonly TrainResult[],
): Promise<{ term: Term; ruleText: string } | null> {
  if (candidates.length === 0) return null;
  const texts = candidates.map((term, k) => {
    const [rate, coefficient] = fits[k]!.coefficients;
    return gradientAndTerm(rate!, term, coefficient!, false);
  });
  const scores = await crew.run(
    candidates.map((term, k) => chooseJob(plan, `choose single ${term.id}`, texts[k]!)),
  );
  const losses = scores.map(meanLoss);
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
    ? [{ name: 'discovered', about: 'the printed rule', ruleText: text, feedback: plan.feedback }]
    : [];
  const abouts = [
    'gradient of the error through fixed random feedback',
    'the same through the forward weights',
  ];
  const gradients = GRADIENTS.flatMap(({ name, feedback }, k): Contender[] => {
    const result = searched.gradients[k];
    if (!result) return [];
    const ruleText = gradientRule(result.coefficients[0]!, false);
    return [{ name, about: abouts[k]!, ruleText, feedback }];
  });
  const single: Contender[] = best
    ? [
        {
          name: 'best-single-term',
          about: `feedback alignment and ${best.term.text}`,
          ruleText: best.ruleText,
          feedback: plan.feedback,
        },
      ]
    : [];
  return [...found, ...gradients, ...single];
}

function droppedTerms(
  plan: DiscoveryPlan,
  kept: readonly string[],
  final: ReadonlyMap<string, number>,
): DiscoveryResult['dropped'] {
  return plan.library.terms
    .filter(({ id }) => !final.has(id))
    .map(({ id, text }) => ({
      id,
      text,
      by: kept.includes(id) ? 'not missed on fresh tasks' : 'small or zero in the search',
    }));
}

function chooseJob(plan: DiscoveryPlan, id: string, ruleText: string): ScoreJob {
  return {
    kind: 'score',
    id,
    study: plan.study,
    ruleText,
    feedback: plan.feedback,
    engine: plan.engine,
    episodes: 'choose',
    from: 0,
    to: CHOOSE_TASKS,
  };
}

function coefficientsOf(result: TrainResult, ids: readonly string[]): Map<string, number> {
  return new Map(ids.map((id) => [id, result.coefficients[result.names.indexOf(id)]!]));
}
