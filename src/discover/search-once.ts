import { combination, leadingTerm } from './candidates.js';
import type { Crew } from './crew.js';
import type { TrainJob, TrainResult } from './jobs.js';
import { searchPath } from './path.js';
import { type DiscoveryPlan, type Setting, searchJob } from './plan.js';
import { type Examined, prune, refine, valuesOf } from './refine.js';
import { survivors } from './select.js';
import type { Values } from './several-fits.js';

/** Meta-steps of the penalised search, of the refits of what it finds, and of every baseline: the sum. */
export interface Budget {
  readonly search: number;
  readonly refit: number;
  readonly whole: number;
}

export function budgetOf({ learner, select }: Setting): Budget {
  const search = learner.episodes;
  const refit = search === 0 ? 0 : select.refitEpisodes;
  // A rule that grows has been fitted at every size.
  const sizes = select.method === 'forward' ? select.monomials : 1;
  return { search, refit, whole: sizes * search + refit };
}

/** What one search, and the selection after it, come to. */
export interface Selected {
  readonly pool: TrainResult;
  /** Terms whose coefficients were large after the search. */
  readonly kept: readonly string[];
  /** The rule that all of these make. */
  readonly all: Values;
  readonly rule: Examined;
  /** Rules on the way to it, one of them too small. */
  readonly tried: readonly Examined[];
  /** The search and the refits. */
  readonly searches: readonly TrainResult[];
  readonly beside: {
    readonly search: readonly TrainResult[];
    readonly refit: readonly TrainResult[];
  };
}

/** Other searches that run at the same time, so that no thread waits. */
export interface Beside {
  readonly search: readonly TrainJob[];
  refit(pool: TrainResult): readonly TrainJob[];
}

const NOTHING_BESIDE: Beside = { search: [], refit: () => [] };

/**
 * All terms at once with the L1 penalty; then what is large in standardised units and missed on fresh
 * tasks; then refits without the penalty, and what is missed after these.
 */
export async function searchOnce(
  plan: DiscoveryPlan,
  crew: Crew,
  budget: Budget,
  beside: Beside = NOTHING_BESIDE,
): Promise<Selected> {
  const { library, learner, select } = plan;
  if (learner.path > 0) return alongPath(plan, crew, budget, beside);
  // The error term starts at the learning rate, all others at 0, as in the paper.
  const leading = leadingTerm(library);
  const start = new Map(
    library.terms.map(({ id }) => [id, id === leading.id ? leading.sign * learner.start : 0]),
  );
  const job = searchJob(plan, 'search', combination('search', plan, start, true), {
    steps: budget.search,
    penalised: true,
    reference: leading.id,
  });
  const [pool, ...besideSearch] = await crew.run([job, ...beside.search]);
  const ids = library.terms.map(({ id }) => id);
  const kept = survivors(pool!, select.threshold, ids);
  const all = valuesOf(plan, pool!, kept);
  const left = await prune(plan, crew, all);
  const refined = await refine(plan, crew, left, budget.refit, beside.refit(pool!));
  return {
    pool: pool!,
    kept,
    all,
    rule: refined.rule,
    tried: refined.tried,
    searches: [pool!, ...refined.searches],
    beside: { search: besideSearch, refit: refined.beside },
  };
}

/** The same with a path of penalties; what fitted the rules of its points is taken from the refits. */
async function alongPath(
  plan: DiscoveryPlan,
  crew: Crew,
  budget: Budget,
  beside: Beside,
): Promise<Selected> {
  const found = await searchPath(plan, crew, budget, beside.search);
  const { pool, kept, chosen, points, searches } = found;
  const steps = budget.refit - found.fitted;
  const refined = await refine(plan, crew, chosen, steps, beside.refit(pool));
  const unfinished = { whole: null, effects: new Map() };
  return {
    pool,
    kept,
    all: points.at(-1) ?? chosen,
    rule: refined.rule,
    tried: [...refined.tried, ...points.map((values) => ({ values, ...unfinished }))],
    searches: [...searches, ...refined.searches],
    beside: { search: found.beside, refit: refined.beside },
  };
}
