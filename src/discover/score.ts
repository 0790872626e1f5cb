import { Stream } from '../base/random.js';
import { type Condition, under } from '../experiments/also.js';
import { bootstrapMean, type Interval, pairedDifference } from '../experiments/intervals.js';
import type { Study } from '../experiments/study.js';
import type { Crew } from './crew.js';
import type { JobBase, ScoreJob, ScoreResult } from './jobs.js';
import { baseOf, type Setting } from './plan.js';
import type { AlsoScored, DiscoveryResult, Gain, RuleMetrics } from './result.js';
import { comparableLosses } from './select.js';

/** A rule that is scored on held-out tasks, as the text that is parsed and run. */
export interface Contender {
  readonly name: string;
  readonly about: string;
  readonly ruleText: string;
  /** Parameters that are its coefficients. */
  readonly coefficients: readonly string[];
  /** Where it runs. */
  readonly study: Study;
  /** What else differs from what is searched. */
  readonly beside?: Pick<JobBase, 'alsoOn' | 'others' | 'values'>;
}

/** Episodes of one scoring job: small, so that threads finish together. */
const CHUNK = 25;

/** Where and how rules are scored: as the experiment says, or otherwise. */
interface Circumstances {
  /** What stands behind the ids of its jobs, and in the names of its streams. */
  readonly mark: readonly string[];
  study(study: Study): Study;
  readonly jitter: number;
}

const PLAIN: Circumstances = { mark: [], study: (study) => study, jitter: 0 };

const asIn = (condition: Condition): Circumstances => ({
  mark: [condition.name],
  study: (study) => under(study, condition),
  jitter: condition.jitter,
});

/** Runs every contender on the same held-out tasks, from the same initial weights. */
async function scoreContenders(
  plan: Setting,
  crew: Crew,
  contenders: readonly Contender[],
  { mark, study: changed, jitter }: Circumstances,
): Promise<ScoreResult[]> {
  const { tasks } = plan.evaluate;
  const starts = Array.from({ length: Math.ceil(tasks / CHUNK) }, (_, k) => k * CHUNK);
  const jobs = contenders.flatMap(({ name, ruleText, study, beside, coefficients }) =>
    starts.map(
      (from): ScoreJob => ({
        kind: 'score',
        ...baseOf(plan),
        ...beside,
        id: [`score ${name} ${from}`, ...mark].join(', '),
        study: changed(study),
        ruleText,
        episodes: 'score',
        from,
        to: Math.min(from + CHUNK, tasks),
        ...(jitter > 0 && { jitter: { share: jitter, names: coefficients } }),
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

function metricsOf(
  plan: Setting,
  name: string,
  score: ScoreResult,
  mark: readonly string[],
): RuleMetrics {
  const finite = score.losses.filter((loss) => loss !== null);
  const interval = (values: readonly number[], what: string): Interval => {
    const stream = new Stream(plan.study.seed, 'interval', name, what, ...mark);
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
  found: ScoreResult,
  baseline: ScoreResult,
  mark: readonly string[],
): Gain {
  const { level } = plan.evaluate;
  const stream = (what: string): Stream => new Stream(plan.study.seed, 'gain', what, ...mark);
  const both = [found, baseline];
  return {
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

/** The discovered rule and what it is compared with, under the same circumstances. */
async function compared(
  plan: Setting,
  crew: Crew,
  found: Contender | null,
  baselines: readonly Contender[],
  circumstances: Circumstances,
) {
  const { mark } = circumstances;
  const contenders = found ? [found, ...baselines] : baselines;
  const scores = await scoreContenders(plan, crew, contenders, circumstances);
  const own = found ? scores[0]! : null;
  return {
    metrics: own && metricsOf(plan, found!.name, own, mark),
    baselines: baselines.map(({ name }, k) => {
      const score = scores[found ? k + 1 : k]!;
      const metrics = metricsOf(plan, name, score, mark);
      return { name, metrics, gain: own && gainOf(plan, own, score, mark) };
    }),
  };
}

/** Whether circumstances are those of the experiment itself. */
const isPlain = ({ study }: Setting, condition: Condition): boolean =>
  condition.jitter === 0 && JSON.stringify(under(study, condition)) === JSON.stringify(study);

/**
 * The printed rule and what it is compared with, on the same held-out tasks, as the experiment says and
 * under every other circumstance that it names. `over` is the baseline that comes first to mind.
 */
export async function outcomeOf(
  plan: Setting,
  crew: Crew,
  rule: Pick<Contender, 'ruleText' | 'coefficients'> | null,
  baselines: readonly Contender[],
  over: string,
): Promise<Pick<DiscoveryResult, 'metrics' | 'baselines' | 'gain' | 'also'>> {
  const words = { name: 'discovered', about: 'the printed rule', study: plan.study };
  const found = rule && { ...words, ...rule };
  const main = await compared(plan, crew, found, baselines, PLAIN);
  const also: AlsoScored[] = [];
  for (const condition of plan.also) {
    const { name, circuit, task, jitter } = condition;
    const scored = isPlain(plan, condition)
      ? main
      : await compared(plan, crew, found, baselines, asIn(condition));
    also.push({ name, circuit, task, jitter, ...scored });
  }
  const against = main.baselines.find(({ name }) => name === over);
  return {
    metrics: main.metrics,
    baselines: baselines.map(({ about, ruleText }, k) => {
      const { name, ...scored } = main.baselines[k]!;
      return { name, about, text: ruleText, ...scored };
    }),
    gain: against?.gain ? { over, ...against.gain } : null,
    also,
  };
}
