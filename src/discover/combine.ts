import { Stream } from '../base/random.js';
import type { Interval } from '../experiments/intervals.js';
import type { Crew } from './crew.js';
import type { ScoreResult, TrainResult } from './jobs.js';
import { chooseJob, type DiscoveryPlan } from './plan.js';
import { better, type Examined, examine, partText, refitJob, termsIn } from './refine.js';
import type { DiscoveredTerm } from './result.js';
import type { Budget, Selected } from './search-once.js';
import { dropEffect } from './select.js';
import type { Values } from './several-fits.js';
import {
  DIGITS,
  intervalsOf,
  meanOf,
  PLAIN_DIGITS,
  rounded,
  steadiest,
  unitsIn,
} from './several-fits.js';
import { inclusions, substitutes, TENTATIVE, verdictOn } from './verdicts.js';

/** The rule that is reported, and how far each of its terms can be trusted. */
export interface Assessment {
  /** As they are printed. */
  readonly values: Values;
  readonly terms: ReadonlyMap<string, Trust>;
  /** Significant digits that are printed, at most. */
  readonly digits: number;
  /** Share of the searches that found each term; null where there was one search. */
  readonly inclusion: ReadonlyMap<string, number> | null;
  /** Searches that were run for it. */
  readonly searches: readonly TrainResult[];
}

export type Trust = Pick<DiscoveredTerm, 'interval' | 'inclusion' | 'verdict' | 'effect'> & {
  /** Terms that do as well in its place. */
  readonly aliases: readonly string[];
};

/** The rule of a single search, of which nobody knows whether another would find it too. */
export function assessAlone(plan: DiscoveryPlan, { values, effects }: Examined): Assessment {
  const terms = termsIn(plan, values).map((id): [string, Trust] => [
    id,
    {
      interval: null,
      inclusion: null,
      verdict: 'not assessed',
      effect: effects.get(id) ?? null,
      aliases: [],
    },
  ]);
  return { values, terms: new Map(terms), digits: PLAIN_DIGITS, inclusion: null, searches: [] };
}

/**
 * The rule of several searches: the terms that most of them found, with coefficients that are means
 * over fits of these terms, one fit for each search's tasks. What one search found beside the others
 * does not count. Effects are measured on tasks that no search has seen.
 */
export async function combine(
  plan: DiscoveryPlan,
  crew: Crew,
  selections: readonly Selected[],
  budget: Budget,
): Promise<Assessment> {
  const supports = selections.map(({ rule }) => new Set(termsIn(plan, rule.values)));
  const inclusion = inclusions(supports);
  const groups = substitutes(supports);
  const isIn = (id: string): boolean =>
    (inclusion.get(id) ?? 0) >= TENTATIVE || groups.some(([first]) => first === id);
  const support = plan.library.terms.map(({ id }) => id).filter(isIn);
  const found = selections.map(({ rule }) => rule.values);
  const fitted = await crew.together(
    found.map(
      (_, k) => () => fitTogether({ ...plan, sample: k }, crew, support, found, k, budget.refit),
    ),
  );
  const fits = fitted.map(({ values }) => values);
  const names = [...support, ...plan.frame.searched.map(({ name }) => name)];
  const fresh: DiscoveryPlan = { ...plan, sample: found.length, digits: DIGITS };
  const mean = meanOf(fits, names);
  const chosen =
    support.length === 0
      ? mean
      : await steadiest(fresh, crew, [mean, ...fits], (each) => partText(fresh, each));
  const intervals = chosen === mean ? intervalsOf(fits, names, plan.evaluate.level) : new Map();
  const values = rounded(chosen, intervals, unitsIn(plan));
  const { whole, effects } = await examine(fresh, crew, values);
  const searches = fitted.flatMap((each) => each.searches);
  const terms = new Map<string, Trust>();
  for (const id of support) {
    const group = groups.find(([first]) => first === id) ?? [id];
    const swaps = await crew.together(
      group.slice(1).map((other) => () => swapped(fresh, crew, values, id, other, found, budget)),
    );
    searches.push(...swaps.flatMap((each) => each.searches));
    const aliases = group.slice(1).filter((_, k) => swaps[k]!.isAsGood(whole!));
    const evidence = {
      inclusion: inclusion.get(id) ?? 0,
      interval: intervals.get(id) ?? null,
      effect: effects.get(id) ?? (await effectOfOnly(fresh, crew, values)),
    };
    const verdict = verdictOn({ ...evidence, hasAlias: aliases.length > 0 });
    terms.set(id, { ...evidence, verdict, aliases });
  }
  return { values, terms, digits: DIGITS, inclusion, searches };
}

interface Fitted {
  readonly values: Values;
  readonly searches: readonly TrainResult[];
}

/** These terms fitted on the tasks of one search, from where it ended; as it found them if it found just these. */
async function fitTogether(
  plan: DiscoveryPlan,
  crew: Crew,
  support: readonly string[],
  found: readonly Values[],
  k: number,
  steps: number,
): Promise<Fitted> {
  const own = found[k]!;
  if (termsIn(plan, own).join() === support.join()) return { values: own, searches: [] };
  const beside = plan.frame.searched.map(({ name }) => name);
  const mean = meanOf(found, [...support, ...beside]);
  const start = new Map([...mean].map(([name, value]) => [name, own.get(name) ?? value]));
  const [result] = await crew.run(refitJob(plan, 'refit together', start, steps));
  const { values } = await better(plan, crew, start, result);
  return { values, searches: result ? [result] : [] };
}

/** What the only term of a rule is worth: the rise of the loss where nothing learns. */
async function effectOfOnly(plan: DiscoveryPlan, crew: Crew, values: Values): Promise<Interval> {
  const [whole, nothing] = await crew.run(
    [values, new Map()].map((each) => chooseJob(plan, partText(plan, each))),
  );
  const stream = new Stream(plan.study.seed, 'effect of the only term');
  return dropEffect(whole!, nothing!, plan.evaluate.level, stream);
}

/** The rule with another term in place of one, fitted like the rule. */
async function swapped(
  plan: DiscoveryPlan,
  crew: Crew,
  values: Values,
  id: string,
  other: string,
  found: readonly Values[],
  budget: Budget,
): Promise<{ searches: TrainResult[]; isAsGood: (whole: ScoreResult) => boolean }> {
  const having = found.filter((each) => each.has(other));
  const names = [...values.keys()].filter((name) => name !== id);
  const start = new Map([
    ...[...values].filter(([name]) => name !== id),
    ...meanOf(having, [...names, other]),
  ]);
  const job = refitJob(plan, `refit with ${other} for ${id}`, start, budget.refit);
  const searches = await crew.run(job);
  const { whole: replaced } = await better(plan, crew, start, searches[0]);
  const stream = new Stream(plan.study.seed, 'swapped', id, other);
  return {
    searches,
    isAsGood: (whole) => dropEffect(whole, replaced!, plan.evaluate.level, stream).lo <= 0,
  };
}
