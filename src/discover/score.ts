import { Stream } from '../base/random.js';
import { bootstrapMean, type Interval, pairedDifference } from '../experiments/intervals.js';
import type { Study } from '../experiments/study.js';
import type { Crew } from './crew.js';
import type { JobBase, ScoreJob, ScoreResult } from './jobs.js';
import { baseOf, type Setting } from './plan.js';
import type { DiscoveryResult, RuleMetrics } from './result.js';
import { comparableLosses } from './select.js';

/** A rule that is scored on held-out tasks, as the text that is parsed and run. */
export interface Contender {
  readonly name: string;
  readonly about: string;
  readonly ruleText: string;
  /** Where it runs. */
  readonly study: Study;
  /** What else differs from what is searched. */
  readonly beside?: Pick<JobBase, 'alsoOn' | 'others' | 'values'>;
}

/** Episodes of one scoring job: small, so that threads finish together. */
const CHUNK = 25;

/** Runs every contender on the same held-out tasks, from the same initial weights. */
async function scoreContenders(
  plan: Setting,
  crew: Crew,
  contenders: readonly Contender[],
): Promise<ScoreResult[]> {
  const { tasks } = plan.evaluate;
  const starts = Array.from({ length: Math.ceil(tasks / CHUNK) }, (_, k) => k * CHUNK);
  const jobs = contenders.flatMap(({ name, ruleText, study, beside }) =>
    starts.map(
      (from): ScoreJob => ({
        kind: 'score',
        ...baseOf(plan),
        ...beside,
        id: `score ${name} ${from}`,
        study,
        ruleText,
        episodes: 'score',
        from,
        to: Math.min(from + CHUNK, tasks),
      }),
    ),
  );
  const results = await crew.run(jobs);
  return contenders.map((_, k) => {
    const parts = results.slice(k * starts.length, (k + 1) * starts.length);
    return {
      kind: 'score',
      accuracies: parts.some(({ accuracies }) => accuracies === null)
        ? null
        : parts.flatMap(({ accuracies }) => accuracies!),
      losses: parts.flatMap((part) => part.losses),
    };
  });
}

function metricsOf(plan: Setting, contender: Contender, score: ScoreResult): RuleMetrics {
  const finite = score.losses.filter((loss) => loss !== null);
  const interval = (values: readonly number[], what: string): Interval => {
    const stream = new Stream(plan.study.seed, 'interval', contender.name, what);
    return bootstrapMean(values, plan.evaluate.level, stream);
  };
  return {
    accuracy: score.accuracies && interval(score.accuracies, 'accuracy'),
    loss: interval(finite, 'loss'),
    diverged: score.losses.length - finite.length,
  };
}

/** The discovered rule minus a baseline, task by task. */
function gainOf(
  plan: Setting,
  over: string,
  found: ScoreResult,
  baseline: ScoreResult,
): NonNullable<DiscoveryResult['gain']> {
  const { level } = plan.evaluate;
  const stream = (what: string): Stream => new Stream(plan.study.seed, 'gain', what);
  const both = [found, baseline];
  return {
    over,
    accuracy:
      found.accuracies && baseline.accuracies
        ? pairedDifference(found.accuracies, baseline.accuracies, level, stream('accuracy'))
        : null,
    loss: pairedDifference(
      comparableLosses(found, both),
      comparableLosses(baseline, both),
      level,
      stream('loss'),
    ),
  };
}

/** The printed rule and what it is compared with, on the same held-out tasks; the gain is over one of these. */
export async function outcomeOf(
  plan: Setting,
  crew: Crew,
  ruleText: string | null,
  baselines: readonly Contender[],
  over: string,
): Promise<Pick<DiscoveryResult, 'metrics' | 'baselines' | 'gain'>> {
  const found = { name: 'discovered', about: 'the printed rule', study: plan.study };
  const contenders = ruleText === null ? baselines : [{ ...found, ruleText }, ...baselines];
  const scores = await scoreContenders(plan, crew, contenders);
  const scored = contenders.map((contender, k) => ({
    name: contender.name,
    about: contender.about,
    text: contender.ruleText,
    metrics: metricsOf(plan, contender, scores[k]!),
  }));
  if (ruleText === null) return { metrics: null, baselines: scored, gain: null };
  const compared = contenders.findIndex(({ name }) => name === over);
  return {
    metrics: scored[0]!.metrics,
    baselines: scored.slice(1),
    gain: compared < 0 ? null : gainOf(plan, over, scores[0]!, scores[compared]!),
  };
}
