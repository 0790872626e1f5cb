import { Stream } from '../base/random.js';
import type { Interval } from '../experiments/intervals.js';
import { combination, leadingTerm } from './candidates.js';
import type { Crew } from './crew.js';
import type { ScoreResult, TrainJob, TrainResult } from './jobs.js';
import { chooseJob, type DiscoveryPlan, searchJob } from './plan.js';
import { dropEffect, leastMissed, leastOf, meanLoss } from './select.js';
import type { Values } from './several-fits.js';

/** The terms that have a coefficient. */
export const termsIn = ({ library }: DiscoveryPlan, values: Values): string[] =>
  library.terms.map(({ id }) => id).filter((id) => values.has(id));

/** A rule on fresh tasks, and how much its losses rise when a term is left out. */
export interface Examined {
  readonly values: Values;
  /** Null where no term is left. */
  readonly whole: ScoreResult | null;
  readonly effects: ReadonlyMap<string, Interval>;
}

/**
 * Refits a rule without the penalty, and makes it smaller as long as that costs nothing: the term that
 * is least missed is left out, the others are refitted, and if the rule is not clearly worse on fresh
 * tasks than the best so far, it goes on from there. So terms go that only stand in for a coefficient
 * that the penalty has kept small. Every refit has half of the steps that are left, the last one all:
 * no rule is refitted for more than `steps`. `beside` are other searches that run at the same time;
 * `tried` are the rules on the way, also the one that was too small.
 */
export async function refine(
  plan: DiscoveryPlan,
  crew: Crew,
  start: Values,
  steps: number,
  beside: readonly TrainJob[],
): Promise<{
  rule: Examined;
  tried: Examined[];
  searches: TrainResult[];
  beside: TrainResult[];
}> {
  let left = Math.floor(steps / 2);
  const first = refitJob(plan, 'refit', start, steps - left);
  const results = await crew.run([...first, ...beside]);
  const searches = results.slice(0, first.length);
  let rule = await better(plan, crew, start, searches[0]);
  let best = rule;
  const rules = [rule];
  for (;;) {
    const weakest = leastOf(rule.effects);
    if (weakest === null) break;
    const smaller = without(rule.values, weakest);
    const id = `refit of ${termsIn(plan, smaller).join(' ')}`;
    const share = Math.ceil(left / 2);
    const [fitted] = await crew.run(refitJob(plan, id, smaller, share));
    searches.push(fitted!);
    const tried = await better(plan, crew, smaller, fitted);
    rules.push(tried);
    if (isMissed(plan, best, tried)) break;
    rule = tried;
    left -= share;
    const both = [tried.whole!, best.whole!];
    if (meanLoss(tried.whole!, both) < meanLoss(best.whole!, both)) best = tried;
  }
  const last = await crew.run(refitJob(plan, 'last refit', rule.values, left));
  const final = await better(plan, crew, rule.values, last[0]);
  return {
    rule: final,
    tried: [...rules, final],
    searches: [...searches, ...last],
    beside: results.slice(first.length),
  };
}

/** Whether the smaller rule is clearly worse than the best one. */
function isMissed(plan: DiscoveryPlan, best: Examined, smaller: Examined): boolean {
  const stream = new Stream(plan.study.seed, 'missed', ...termsIn(plan, smaller.values));
  return dropEffect(best.whole!, smaller.whole!, plan.evaluate.level, stream).lo > 0;
}

/** The search that refits a rule; none where nothing is left of it. */
export function refitJob(
  plan: DiscoveryPlan,
  id: string,
  start: Values,
  steps: number,
): TrainJob[] {
  if (termsIn(plan, start).length === 0) return [];
  const text = combination('refit', plan, start, true);
  const reference = leadingTerm(plan.library).id;
  return [searchJob(plan, id, text, { steps, penalised: false, reference, refit: true })];
}

/** Leaves out terms that are not missed as the rule stands, the least missed first. */
export async function prune(plan: DiscoveryPlan, crew: Crew, start: Values): Promise<Values> {
  let left = start;
  for (;;) {
    const { effects } = await examine(plan, crew, left);
    const leave = leastMissed(effects);
    if (leave === null) return left;
    left = without(left, leave);
  }
}

export async function examine(plan: DiscoveryPlan, crew: Crew, values: Values): Promise<Examined> {
  const ids = termsIn(plan, values);
  if (ids.length === 0) return { values, whole: null, effects: new Map() };
  // A single term has nothing to be compared with.
  const parts = ids.length > 1 ? ids : [];
  const [whole, ...rest] = await crew.run([
    chooseJob(plan, partText(plan, values)),
    ...parts.map((id) => chooseJob(plan, partText(plan, without(values, id)))),
  ]);
  const effects = new Map(
    parts.map((id, k) => {
      const stream = new Stream(plan.study.seed, 'effect', ids.join(' '), id);
      return [id, dropEffect(whole!, rest[k]!, plan.evaluate.level, stream)];
    }),
  );
  return { values, whole: whole!, effects };
}

export const partText = (plan: DiscoveryPlan, values: Values): string =>
  combination('part', plan, values, false);

/** The refitted rule, unless it does worse on fresh tasks than before: a refit can go astray too. */
export async function better(
  plan: DiscoveryPlan,
  crew: Crew,
  before: Values,
  fitted: TrainResult | undefined,
): Promise<Examined> {
  if (!fitted) return examine(plan, crew, before);
  const after = valuesOf(plan, fitted, termsIn(plan, before));
  // Both may be the same text, which is filed once.
  const [old] = await crew.run([chooseJob(plan, partText(plan, before))]);
  const [refitted] = await crew.run([chooseJob(plan, partText(plan, after))]);
  const both = [old!, refitted!];
  return examine(plan, crew, meanLoss(refitted!, both) <= meanLoss(old!, both) ? after : before);
}

const without = (values: Values, id: string): Values =>
  new Map([...values].filter(([other]) => other !== id));

/** The fitted coefficients of these terms, and the fitted parameters of the space. */
export function valuesOf(plan: DiscoveryPlan, result: TrainResult, ids: readonly string[]): Values {
  const beside = plan.frame.searched.map(({ name }) => name);
  const there = [...ids, ...beside].filter((name) => result.names.includes(name));
  return new Map(there.map((name) => [name, result.coefficients[result.names.indexOf(name)]!]));
}
