import { combination, leadingTerm } from '../candidates.js';
import { compared } from '../compared.js';
import type { Crew } from '../crew.js';
import type { ProbeJob, ScoreResult, TrainResult } from '../jobs.js';
import { baseOf, type DiscoveryPlan, jobName, searchJob } from '../plan.js';
import { partText, termsIn, valuesOf } from '../refine.js';
import { meanLoss } from '../select.js';
import type { Values } from '../several-fits.js';
import { SMALLER, shared, type Units, withoutLongOnes } from './slopes.js';

/** A rule with what it comes to on the tasks on which candidates are compared. */
export interface Fitted {
  readonly values: Values;
  readonly score: ScoreResult;
}

/** Sizes at which a new term is tried, in updates of the size that the leading term makes. */
const SIZES = [0.1, 0.3, 1, 3];
/** Against the slope only these: a slope over few episodes may mislead. */
const SIZES_AGAINST = [0.3, 1];
/** A term may be of use only in place of what the rule has: that is tried smaller, too. */
const SHARES = [1, SMALLER];
/** Terms that are probed in one program: compiling one takes longer than a probe. */
const TOGETHER = 12;
/** Episodes of a probe. */
const PROBES = 4;
/** Episodes that nothing else uses. */
const PROBES_FROM = 2 ** 25;
/** Runs of a candidate that is probed. */
export const EPISODES_OF_A_PROBE = (SHARES.length * SIZES.length + SIZES_AGAINST.length) * PROBES;
/** What a probe that diverged counts: more than any finite one. */
const DIVERGED = Number.MAX_VALUE;

/** A rule that is to have one more term. */
export interface Candidate {
  readonly values: Values;
  readonly id: string;
  /** Mean slope of the loss along the new term. */
  readonly gain: number;
}

/**
 * Each candidate with the coefficient of its new term, and the share of the rule's other coefficients,
 * at which the loss over a few episodes is least. The best first. So terms that help only by more than
 * a little, in place of another, or whose slope is misleading, have their chance, and fits start near
 * where they end.
 */
export async function probed(
  plan: DiscoveryPlan,
  crew: Crew,
  candidates: readonly Candidate[],
  units: Units,
): Promise<{ values: Values; loss: number }[]> {
  const groups = grouped(candidates);
  const points = groups.map((group) => group.map((each) => pointsOf(plan, each, units)));
  const results = await crew.run(groups.map((group, k) => probeJob(plan, group, points[k]!)));
  return groups
    .flatMap((group, g) => {
      const means = results[g]!.losses.map(meanOf);
      let from = 0;
      return group.map(({ values }, k) => {
        const own = points[g]![k]!;
        const losses = means.slice(from, from + own.length);
        from += own.length;
        const loss = Math.min(...losses);
        const point = Object.entries(own[losses.indexOf(loss)]!);
        return { values: new Map([...values, ...point]), loss };
      });
    })
    .sort((a, b) => a.loss - b.loss);
}

const meanOf = (losses: readonly (number | null)[]): number =>
  losses.some((loss) => loss === null)
    ? DIVERGED
    : losses.reduce<number>((sum, loss) => sum + loss!, 0) / losses.length;

/** Those beside the same rule, as many together as one program is to have. */
function grouped(candidates: readonly Candidate[]): Candidate[][] {
  const rules = [...new Set(candidates.map(({ values }) => values))];
  return rules.flatMap((rule) => {
    const own = candidates.filter(({ values }) => values === rule);
    const count = Math.ceil(own.length / TOGETHER);
    return Array.from({ length: count }, (_, k) => own.slice(k * TOGETHER, (k + 1) * TOGETHER));
  });
}

/** The coefficients that a candidate is tried with, by name. */
function pointsOf(
  plan: DiscoveryPlan,
  { values, id, gain }: Candidate,
  units: Units,
): Readonly<Record<string, number>>[] {
  const leading = leadingTerm(plan.library).id;
  const learns = Math.abs(values.get(leading) ?? 0) || 10 * plan.learner.start;
  const most = learns * (units.get(id) ?? 1);
  const down = gain > 0 ? -most : most;
  // The first term of a rule stands in place of nothing.
  const shares = values.size === 0 ? [1] : SHARES;
  return [
    ...shares.flatMap((share) =>
      SIZES.map((size) => ({
        ...Object.fromEntries(shared(plan, values, share)),
        [id]: size * down,
      })),
    ),
    ...SIZES_AGAINST.map((size) => ({ ...Object.fromEntries(values), [id]: -size * down })),
  ];
}

function probeJob(
  plan: DiscoveryPlan,
  group: readonly Candidate[],
  points: readonly (readonly Readonly<Record<string, number>>[])[],
): ProbeJob {
  const { values } = group[0]!;
  const start = new Map([...values, ...group.map(({ id }) => [id, 0] as const)]);
  return {
    kind: 'probe',
    by: plan.select.by,
    ...baseOf(plan),
    study: withoutLongOnes(plan.study),
    id: jobName(
      plan,
      `probe ${group.map(({ id }) => id).join(' ')} beside ${partText(plan, values)}`,
    ),
    ruleText: combination('probe', plan, start, true),
    episodes: 'search',
    from: PROBES_FROM,
    to: PROBES_FROM + PROBES,
    points: points.flat(),
  };
}

/** Shares of the episodes of a fit that it has before half of the candidates are left out, and again. */
const RUNGS = [1 / 4, 1 / 4, 1 / 2];

/**
 * Fits rules without a penalty, beginning with the values they have. After a quarter and after a half
 * of `steps` those that do worse on the tasks of comparison are left out, half of them each time, so
 * that most of the time goes to those that may win. A fit that did worse than it began is taken back.
 * The best first; what was left out comes last, with what it had come to.
 */
export async function fitted(
  plan: DiscoveryPlan,
  crew: Crew,
  starts: readonly Values[],
  { name, steps, keep }: { readonly name: string; readonly steps: number; readonly keep: number },
): Promise<{ rules: Fitted[]; searches: TrainResult[] }> {
  const searches: TrainResult[] = [];
  let inside = await scored(plan, crew, starts);
  let outside: Fitted[] = [];
  let from = 0;
  for (const [rung, share] of RUNGS.entries()) {
    const last = rung === RUNGS.length - 1;
    const count = last ? steps - from : Math.round(share * steps);
    const jobs = inside.map(({ values }) =>
      searchJob(
        plan,
        `${name}, ${termsIn(plan, values).join(' ')}, part ${rung + 1}`,
        combination('grown', plan, values, true),
        {
          steps: count,
          penalised: false,
          reference: leadingTerm(plan.library).id,
          refit: true,
          from: from * plan.learner.batch,
        },
      ),
    );
    const results = await crew.run(jobs);
    searches.push(...results);
    const after = await scored(
      plan,
      crew,
      results.map((result, k) => valuesOf(plan, result, termsIn(plan, inside[k]!.values))),
    );
    inside = ranked(inside.map((before, k) => better(before, after[k]!)));
    from += count;
    if (last) break;
    const left = Math.max(keep, Math.ceil(inside.length / 2));
    outside = [...inside.slice(left), ...outside];
    inside = inside.slice(0, left);
  }
  return { rules: [...inside, ...outside], searches };
}

/** Rules on the tasks of comparison. */
export async function scored(
  plan: DiscoveryPlan,
  crew: Crew,
  rules: readonly Values[],
): Promise<Fitted[]> {
  const texts = rules.map((values) => partText(plan, values));
  const results = await compared(plan, crew, texts);
  const scores = plan.select.by === 'accuracy' ? results.map(wrongAnswers) : results;
  return rules.map((values, k) => ({ values, score: scores[k]! }));
}

/** The shares of wrong answers in place of losses, where anything is asked. */
const wrongAnswers = (score: ScoreResult): ScoreResult =>
  score.accuracies === null
    ? score
    : { ...score, accuracies: null, losses: score.accuracies.map((right) => 1 - right) };

const better = (before: Fitted, after: Fitted): Fitted => {
  const both = [before.score, after.score];
  return meanLoss(after.score, both) <= meanLoss(before.score, both) ? after : before;
};

/** By their mean losses on the same tasks, the least first; of equal ones in their order. */
export function ranked(rules: readonly Fitted[]): Fitted[] {
  const scores = rules.map(({ score }) => score);
  const losses = new Map(rules.map((rule) => [rule, meanLoss(rule.score, scores)]));
  return [...rules].sort((a, b) => losses.get(a)! - losses.get(b)!);
}
