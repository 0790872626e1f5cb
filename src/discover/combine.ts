import { Stream } from '../base/random.js';
import type { Interval } from '../experiments/intervals.js';
import type { Crew } from './crew.js';
import type { ScoreResult, TrainResult } from './jobs.js';
import { parallelTerms } from './parallel.js';
import { chooseJob, type DiscoveryPlan } from './plan.js';
import { better, type Examined, examine, partText, refitJob, termsIn } from './refine.js';
import type { DiscoveredTerm } from './result.js';
import type { Budget, Selected } from './search-once.js';
import { dropEffect } from './select.js';
import type { Values } from './several-fits.js';
import {
  DIGITS,
  type Intervals,
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
 * does not count. Of terms that do the same one stays. Effects are measured on tasks that no search
 * has seen.
 */
export async function combine(
  plan: DiscoveryPlan,
  crew: Crew,
  selections: readonly Pick<Selected, 'rule'>[],
  budget: Budget,
): Promise<Assessment> {
  const supports = selections.map(({ rule }) => new Set(termsIn(plan, rule.values)));
  const inclusion = inclusions(supports);
  const groups = substitutes(supports);
  const isIn = (id: string): boolean =>
    (inclusion.get(id) ?? 0) >= TENTATIVE || groups.some(([first]) => first === id);
  const fresh: DiscoveryPlan = { ...plan, sample: selections.length, digits: DIGITS };
  const searches: TrainResult[] = [];
  const merged = new Map<string, readonly string[]>();
  let found = selections.map(({ rule }) => rule.values);
  let support = plan.library.terms.map(({ id }) => id).filter(isIn);
  const tryInstead = async (from: Together, id: string, other: string, ratio: number | null) => {
    const start =
      ratio === null
        ? replaced(from.values, id, other, found)
        : moved(from.values, id, other, ratio);
    const tried = await instead(fresh, crew, from.whole!, { id, other, start }, budget.refit);
    searches.push(...tried.searches);
    return tried.isAsGood;
  };
  for (;;) {
    const together = await fitTogether(fresh, crew, found, support, budget, merged.size > 0);
    searches.push(...together.searches);
    const parallels = await parallelTerms(fresh, crew, together.values, support);
    const share = (id: string): number => inclusion.get(id) ?? 0;
    const within = parallels
      .filter(({ other }) => support.includes(other))
      .filter(({ id, other }) => share(id) < share(other) || isLater(support, id, other, share));
    const spare = await firstWhere(within, ({ id, other, ratio }) =>
      tryInstead(together, id, other, ratio),
    );
    if (spare) {
      const { id, other, ratio } = spare;
      const had = [...(merged.get(other) ?? []), id, ...(merged.get(id) ?? [])];
      merged.set(other, had);
      support = support.filter((each) => each !== id);
      found = found.map((values) => moved(values, id, other, ratio));
      continue;
    }
    const terms = new Map<string, Trust>();
    for (const id of support) {
      const aliases = [...(merged.get(id) ?? [])];
      const outside = [
        ...parallels.filter((each) => each.id === id && !support.includes(each.other)),
        ...(groups.find(([first]) => first === id) ?? [])
          .slice(1)
          .map((other) => ({ other, ratio: null })),
      ];
      for (const { other, ratio } of outside) {
        if (aliases.includes(other)) continue;
        if (await tryInstead(together, id, other, ratio)) aliases.push(other);
      }
      const evidence = {
        inclusion: share(id),
        interval: together.intervals.get(id) ?? null,
        effect: together.effects.get(id) ?? (await effectOfOnly(fresh, crew, together.values)),
      };
      const verdict = verdictOn({ ...evidence, hasAlias: aliases.length > 0 });
      terms.set(id, { ...evidence, verdict, aliases });
    }
    return { values: together.values, terms, digits: DIGITS, inclusion, searches };
  }
}

/** Of terms that are found equally often the later one goes. */
const isLater = (
  support: readonly string[],
  id: string,
  other: string,
  share: (id: string) => number,
): boolean => share(id) === share(other) && support.indexOf(id) > support.indexOf(other);

async function firstWhere<T>(
  all: readonly T[],
  holds: (each: T) => Promise<boolean>,
): Promise<T | null> {
  for (const each of all) if (await holds(each)) return each;
  return null;
}

/** A support fitted on the tasks of every search. */
interface Together extends Examined {
  readonly intervals: Intervals;
  readonly searches: readonly TrainResult[];
}

async function fitTogether(
  fresh: DiscoveryPlan,
  crew: Crew,
  found: readonly Values[],
  support: readonly string[],
  budget: Budget,
  always: boolean,
): Promise<Together> {
  const names = [...support, ...fresh.searched.map(({ name }) => name)];
  const everywhere = meanOf(found, names);
  const fitted = await crew.together(
    found.map((own, sample) => async () => {
      // Found just these: they are fitted already.
      if (!always && termsIn(fresh, own).join() === support.join()) return { values: own };
      const start = new Map([...everywhere].map(([name, value]) => [name, own.get(name) ?? value]));
      const { digits: _, ...plan } = { ...fresh, sample };
      const id = `refit together of ${support.join(' ')}`;
      const [search] = await crew.run(refitJob(plan, id, start, budget.refit));
      const { values } = await better(plan, crew, start, search);
      return { values, search };
    }),
  );
  const fits = fitted.map(({ values }) => values);
  const mean = meanOf(fits, names);
  const chosen =
    support.length === 0
      ? mean
      : await steadiest(fresh, crew, [mean, ...fits], (each) => partText(fresh, each));
  const { level } = fresh.evaluate;
  const intervals: Intervals = chosen === mean ? intervalsOf(fits, names, level) : new Map();
  const examined = await examine(fresh, crew, rounded(chosen, intervals, unitsIn(fresh)));
  return { ...examined, intervals, searches: fitted.flatMap(({ search }) => search ?? []) };
}

/** What the only term of a rule is worth: the rise of the loss where nothing learns. */
async function effectOfOnly(plan: DiscoveryPlan, crew: Crew, values: Values): Promise<Interval> {
  const [whole, nothing] = await crew.run(
    [values, new Map()].map((each) => chooseJob(plan, partText(plan, each))),
  );
  const stream = new Stream(plan.study.seed, 'effect of the only term');
  return dropEffect(whole!, nothing!, plan.evaluate.level, stream);
}

/** The values without one term, whose part another one takes: so much of it as does the same to the loss. */
function moved(values: Values, id: string, other: string, ratio: number): Values {
  const part = values.get(id);
  if (part === undefined) return values;
  const taken = new Map(values).set(other, (values.get(other) ?? 0) + ratio * part);
  taken.delete(id);
  return taken;
}

/** The values with another term in place of one, as the searches had them that found that other term. */
function replaced(values: Values, id: string, other: string, found: readonly Values[]): Values {
  const having = found.filter((each) => each.has(other));
  const names = [...values.keys()].filter((name) => name !== id);
  const start = new Map([...values, ...meanOf(having, [...names, other])]);
  start.delete(id);
  return start;
}

/** Whether a rule that has another term instead of one is not clearly worse once it is refitted. */
async function instead(
  plan: DiscoveryPlan,
  crew: Crew,
  whole: ScoreResult,
  swap: { readonly id: string; readonly other: string; readonly start: Values },
  steps: number,
): Promise<{ searches: TrainResult[]; isAsGood: boolean }> {
  const { id, other, start } = swap;
  const job = refitJob(
    plan,
    `refit of ${termsIn(plan, start).join(' ')} without ${id}`,
    start,
    steps,
  );
  const searches = await crew.run(job);
  const { whole: tried } = await better(plan, crew, start, searches[0]);
  const stream = new Stream(plan.study.seed, 'instead', id, other);
  const isAsGood = dropEffect(whole, tried!, plan.evaluate.level, stream).lo <= 0;
  return { searches, isAsGood };
}
