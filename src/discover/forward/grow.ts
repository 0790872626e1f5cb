import type { Term } from '../../algebra/types.js';
import { Stream } from '../../base/random.js';
import { combination, gradientTermOf, leadingTerm } from '../candidates.js';
import type { Crew } from '../crew.js';
import type { TrainResult } from '../jobs.js';
import { type DiscoveryPlan, episodesAStep, searchJob } from '../plan.js';
import { better, type Examined, refitJob, termsIn, valuesOf } from '../refine.js';
import type { CandidateCounts } from '../result.js';
import type { Budget } from '../search-once.js';
import { dropEffect, meanLoss } from '../select.js';
import type { Values } from '../several-fits.js';
import { EPISODES_OF_A_PROBE, type Fitted, fitted, probed, ranked, scored } from './fits.js';
import { monomialsOf } from './monomials.js';
import { CHUNK, measureUnits, SMALLER, shared, standingsAt, type Units } from './slopes.js';
import { type Standing, shortlist } from './standing.js';

/** What growing a rule comes to. */
export interface Grown {
  readonly rule: Examined;
  /** Every rule that was fitted, the best first. */
  readonly tried: readonly Fitted[];
  readonly candidates: Pick<CandidateCounts, 'scored' | 'probed' | 'tried'>;
  /** Of each term of which it is known: what else changes the loss as it does, where it was looked at. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly searches: readonly TrainResult[];
}

/** Rounds of exchanging terms: each begins with a rule that is clearly better than the one before. */
const MOST_SWAPS = 4;

/** The state of a search that grows rules. */
class Grower {
  readonly rules = new Map<string, Fitted>();
  readonly aliases = new Map<string, readonly string[]>();
  readonly searches: TrainResult[] = [];
  scored = 0;
  probed = 0;
  private readonly plan: DiscoveryPlan;
  private readonly crew: Crew;
  private readonly units: Units;

  constructor(plan: DiscoveryPlan, crew: Crew, units: Units) {
    this.plan = plan;
    this.crew = crew;
    this.units = units;
  }

  /** Terms by which a rule can grow without having too many monomials. */
  private extensions(values: Values): Term[] {
    const { library, select } = this.plan;
    const own = library.terms.filter(({ id }) => values.has(id));
    return library.terms.filter(
      (term) => !values.has(term.id) && monomialsOf([...own, term]) <= select.monomials,
    );
  }

  /**
   * How terms change the loss of a rule, and that of a third of it: a rule at its best rate is as fast
   * as it can be without harm, and there the slopes of all that would make it faster tell little.
   */
  private standing(values: Values, terms: readonly Term[]): Promise<Standing[][]> {
    const rules = values.size === 0 ? [values] : [values, shared(this.plan, values, SMALLER)];
    return this.crew.together(
      rules.map((each) => () => standingsAt(this.plan, this.crew, each, terms, this.units)),
    );
  }

  /** Each rule with one more term: those that are worth a fit. `but` are terms that are not wanted. */
  private async candidates(
    rules: readonly Values[],
    count: number,
    but: (parent: Values, id: string) => boolean,
  ): Promise<Values[]> {
    const listed = await this.crew.together(
      rules.map((values) => async () => {
        const terms = this.extensions(values).filter(({ id }) => !but(values, id));
        if (terms.length === 0) return { scored: 0, standing: [], probed: 0, best: [] };
        const standing = await this.standing(values, terms);
        const few = Math.ceil(this.plan.select.probed / standing.length);
        const list = distinctBy(
          standing.flatMap((each) => shortlist(each, few)),
          ({ id }) => id,
        ).map(({ id, gain }) => ({ values, id, gain }));
        const best = await probed(this.plan, this.crew, list, this.units);
        return {
          scored: terms.length,
          standing: standing.flat(),
          probed: list.length,
          best: best.slice(0, count),
        };
      }),
    );
    for (const { scored: pairs, standing, probed: some } of listed) {
      this.scored += pairs;
      this.probed += some;
      for (const { id, aliases } of standing) if (aliases.length) this.aliases.set(id, aliases);
    }
    const best = listed.flatMap((each) => each.best).sort((a, b) => a.loss - b.loss);
    const distinct = new Map<string, Values>();
    for (const { values } of best) {
      const key = keyOf(this.plan, values);
      if (!distinct.has(key) && !this.rules.has(key)) distinct.set(key, values);
    }
    return [...distinct.values()];
  }

  private take(rules: readonly Fitted[], searches: readonly TrainResult[]): void {
    this.searches.push(...searches);
    for (const rule of rules) {
      const key = keyOf(this.plan, rule.values);
      const old = this.rules.get(key);
      this.rules.set(key, old ? ranked([old, rule])[0]! : rule);
    }
  }

  async fit(name: string, starts: readonly Values[], keep: number, steps: number): Promise<void> {
    const { rules, searches } = await fitted(this.plan, this.crew, starts, { name, steps, keep });
    this.take(rules, searches);
  }

  /** The rules so far, the best first. */
  get all(): Fitted[] {
    return ranked([...this.rules.values()]);
  }

  /** Tells the best rule so far. */
  tell(): void {
    const best = this.all[0]!;
    this.crew.tell({
      coefficients: [...best.values].map(([name, value]) => ({ name, value })),
      loss: meanLoss(best.score, [best.score]),
    });
  }

  /** The best rules with this many terms. */
  best(size: number): Fitted[] {
    const { beam } = this.plan.select;
    return this.all
      .filter(({ values }) => termsIn(this.plan, values).length === size)
      .slice(0, beam);
  }

  /** Rules of the next size; false where nothing can grow. */
  async grow(size: number): Promise<boolean> {
    const { tried, beam } = this.plan.select;
    const parents = size === 0 ? [new Map<string, number>()] : this.best(size).map((r) => r.values);
    const starts = await this.candidates(parents, tried, () => false);
    if (starts.length === 0) return false;
    await this.fit(`size ${size + 1}`, starts, beam, this.plan.learner.episodes);
    this.tell();
    return true;
  }

  /** The best rule with each of its terms left out, and with others in its place. */
  async swap(round: number): Promise<void> {
    const { plan } = this;
    const best = this.all[0]!.values;
    const ids = termsIn(plan, best);
    if (ids.length < 2) return;
    const smaller = ids.map((id) => without(best, id));
    const fresh = smaller.filter((values) => !this.rules.has(keyOf(plan, values)));
    const steps = Math.ceil(plan.learner.episodes / 2);
    await this.fit(`without, round ${round}`, fresh, fresh.length, steps);
    const parents = smaller.map((values) => this.rules.get(keyOf(plan, values))!.values);
    const count = Math.ceil(plan.select.tried / 2);
    const starts = await this.candidates(parents, count, (_, id) => best.has(id));
    if (starts.length === 0) return;
    await this.fit(`instead, round ${round}`, starts, plan.select.beam, plan.learner.episodes);
  }
}

/** The first of those with the same key. */
function distinctBy<T>(all: readonly T[], key: (each: T) => string): T[] {
  return [...new Map([...all].reverse().map((each) => [key(each), each])).values()].reverse();
}

const keyOf = (plan: DiscoveryPlan, values: Values): string => termsIn(plan, values).join(' ');

const without = (values: Values, id: string): Values =>
  new Map([...values].filter(([other]) => other !== id));

/**
 * Grows a rule term by term. At each of the best rules of a size the derivative of the loss by every
 * other term of the library is measured; the terms that stand out are tried with several coefficients,
 * the best of these fitted, with fewer and fewer left. At last terms of the best rule are left out and
 * exchanged, as long as that clearly lowers the loss on the tasks of comparison; and of the rules of
 * all sizes the smallest is taken that is not clearly worse than the best, and refitted.
 */
export async function growRule(plan: DiscoveryPlan, crew: Crew, budget: Budget): Promise<Grown> {
  crew.expect(expected(plan, budget));
  const grower = new Grower(plan, crew, await measureUnits(plan, crew));
  const first = gradientTermOf(plan.library);
  // What learns best alone need not be what learns best in company: other terms are tried as well.
  if (first) await startWith(plan, crew, grower);
  await grower.grow(0);
  for (let size = 1; await grower.grow(size); size++);
  for (let round = 1; round <= MOST_SWAPS; round++) {
    const before = grower.all[0]!;
    await grower.swap(round);
    grower.tell();
    if (!isClearlyLess(plan, grower.all[0]!, before)) break;
  }
  const tried = grower.all;
  const chosen = smallest(plan, tried);
  const [last] = await crew.run(refitJob(plan, 'last refit', chosen.values, budget.refit));
  const rule = await better(plan, crew, chosen.values, last);
  return {
    rule,
    tried,
    candidates: { scored: grower.scored, probed: grower.probed, tried: tried.length },
    aliases: grower.aliases,
    searches: [...grower.searches, ...(last ? [last] : [])],
  };
}

/** Episodes of all that is to come, roughly: as many sizes as monomials, and two rounds of exchanges. */
function expected(
  { library, learner, select, baselines, evaluate }: DiscoveryPlan,
  budget: Budget,
) {
  const { tried, beam, tasks, monomials, probed: some } = select;
  const runs = episodesAStep(learner);
  const chunks = Math.ceil(library.terms.length / CHUNK);
  const each =
    2 * select.slopes * chunks + EPISODES_OF_A_PROBE * Math.min(some, library.terms.length);
  // Of all candidates a quarter of the fit, of half of them another, of a quarter the rest.
  const fits = (count: number): number => (count * (learner.episodes * runs + 3 * tasks)) / 2;
  const size = beam * each + fits(beam * tried);
  const swap = monomials * (each / 2) + fits((monomials * tried) / 2);
  const rivals = baselines.length * (budget.whole * runs + evaluate.tasks);
  return (monomials - 1) * size + 2 * swap + rivals + budget.refit * runs + evaluate.tasks;
}

/** The leading term alone, with its learning rate found as any baseline's is. */
async function startWith(plan: DiscoveryPlan, crew: Crew, grower: Grower): Promise<void> {
  const { id, sign } = leadingTerm(plan.library);
  const start = new Map([[id, sign * plan.learner.start]]);
  const job = searchJob(plan, `size 1, ${id}`, combination('grown', plan, start, true), {
    steps: plan.learner.episodes,
    penalised: false,
    reference: id,
  });
  const [search] = await crew.run([job]);
  const [rule] = await scored(plan, crew, [valuesOf(plan, search!, [id])]);
  grower.rules.set(id, rule!);
  grower.searches.push(search!);
  grower.tell();
}

/** Whether the first rule's loss is clearly less than the second's, task by task. */
function isClearlyLess(plan: DiscoveryPlan, one: Fitted, other: Fitted): boolean {
  const key = [keyOf(plan, one.values), keyOf(plan, other.values)];
  const stream = new Stream(plan.study.seed, 'clearly less', ...key);
  return dropEffect(one.score, other.score, plan.evaluate.level, stream).lo > 0;
}

/** Of the best rule of every size the smallest that is not clearly worse than the best of all. */
function smallest(plan: DiscoveryPlan, tried: readonly Fitted[]): Fitted {
  const best = tried[0]!;
  const size = ({ values }: Fitted): number => termsIn(plan, values).length;
  const sizes = [...new Set(tried.map(size))].sort((a, b) => a - b);
  for (const each of sizes) {
    const rule = tried.find((one) => size(one) === each)!;
    if (rule === best || !isClearlyLess(plan, best, rule)) return rule;
  }
  return best;
}
