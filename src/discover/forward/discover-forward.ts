import type { Term } from '../../algebra/types.js';
import { readRuleText } from '../../experiments/attached.js';
import { combination, gradientTermOf, printed } from '../candidates.js';
import { assessAlone, combine } from '../combine.js';
import type { Crew } from '../crew.js';
import type { Findings } from '../discover.js';
import { frontOf, triedRule } from '../front.js';
import { gradientContenders, gradientJobs } from '../gradients.js';
import type { DiscoveryPlan } from '../plan.js';
import { termsIn } from '../refine.js';
import { fitRivals } from '../rivals.js';
import { outcomeOf } from '../score.js';
import { budgetOf } from '../search-once.js';
import { bestSingle, candidatesOf, contendersOf, simplest, singlesFitting } from '../singles.js';
import { type Grown, growRule } from './grow.js';
import { monomialsOf } from './monomials.js';

/** The discovery with rules that grow term by term: the same questions, and the same kind of answer. */
export async function discoverForward(plan: DiscoveryPlan, crew: Crew): Promise<Findings> {
  const budget = budgetOf(plan);
  const gradients = gradientJobs(plan, budget);
  const gradientFits = await crew.run(gradients);
  const rivals = await fitRivals(plan, crew, budget);
  const samples = Array.from({ length: plan.select.searches }, (_, k) => ({ ...plan, sample: k }));
  const all = await crew.together(samples.map((each) => () => growRule(each, crew, budget)));
  const grown = all[0]!;
  const candidates = plan.baselines.includes('best-single-term') ? bestPair(plan, grown) : [];
  const fits = await crew.run(singlesFitting(plan, candidates, budget));
  const best = await bestSingle(plan, crew, candidates, fits);
  const assessed =
    all.length === 1 ? assessAlone(plan, grown.rule) : await combine(plan, crew, all, budget);
  const { values } = assessed;
  const printing = { ...plan, digits: assessed.digits };
  const text =
    termsIn(plan, values).length > 0 ? combination('discovered', printing, values, false) : null;
  const fresh = { ...plan, sample: all.length === 1 ? 0 : all.length };
  const front = await frontOf(fresh, crew, triedRule(printing, values), [
    ...all.flatMap(({ tried }) => tried.map((each) => triedRule(plan, each.values))),
    ...simplest(plan, gradients, gradientFits, best),
  ]);
  const contenders = contendersOf(plan, gradientContenders(gradients, gradientFits), best);
  const rule = text === null ? null : { ruleText: text, coefficients: termsIn(plan, values) };
  const baselines = [...contenders, ...rivals.contenders];
  const outcome = await outcomeOf(plan, crew, rule, baselines, 'feedback-alignment');
  const texts = new Map(plan.library.terms.map((term) => [term.id, term.text]));
  const searches = [
    ...all.flatMap((each) => each.searches),
    ...gradientFits,
    ...fits,
    ...assessed.searches,
    ...rivals.searches,
  ];
  const tried = all.flatMap((each) => each.tried);
  const wasTried = new Set(tried.flatMap((each) => termsIn(plan, each.values)));
  const reason = (id: string): string => {
    const found = Math.round((assessed.inclusion?.get(id) ?? 0) * all.length);
    if (found > 0) return `found in ${found} of ${all.length} searches`;
    return wasTried.has(id) ? 'tried, and others did better' : 'not among those worth a fit';
  };
  const aliasesOf = (id: string): string[] => [
    ...new Set(all.flatMap(({ aliases }) => aliases.get(id) ?? [])),
  ];
  const sum = (what: keyof Grown['candidates']): number =>
    all.reduce((total, { candidates: counted }) => total + counted[what], 0);
  return {
    ruleText: text,
    terms: plan.library.terms.flatMap(({ id, text: written }) => {
      const trust = assessed.terms.get(id);
      if (!trust) return [];
      const coefficient = Number(printed(values.get(id)!, assessed.digits));
      const aliases = trust.aliases.map((other) => texts.get(other)!);
      return [{ id, text: written, coefficient, ...trust, aliases }];
    }),
    dropped: plan.library.terms
      .filter(({ id }) => !assessed.terms.has(id))
      .map(({ id, text: written }) => ({
        id,
        text: written,
        by: reason(id),
      }))
      .sort((a, b) => Number(wasTried.has(b.id)) - Number(wasTried.has(a.id))),
    candidates: {
      scored: sum('scored'),
      probed: sum('probed'),
      tried: sum('tried'),
      monomials: monomialsOf(plan.library.terms.filter(({ id }) => assessed.terms.has(id))),
      locality: text === null ? null : localityOf(plan, text),
      alike: [...assessed.terms.keys()].flatMap((id) => {
        const others = aliasesOf(id);
        return others.length === 0 ? [] : [{ id, texts: others.map((each) => texts.get(each)!) }];
      }),
    },
    front,
    ...outcome,
    divergedEpisodes: searches.reduce((total, { diverged }) => total + diverged, 0),
  };
}

/** What the printed rule needs, and why. */
function localityOf({ table }: DiscoveryPlan, text: string) {
  const { grade, because } = readRuleText('rule.rule', text, table).locality;
  return { grade, because: because?.text ?? null };
}

/** The term that did best beside the leading one, or alone where there is no gradient. */
function bestPair(plan: DiscoveryPlan, { tried }: Grown): Term[] {
  const pool = candidatesOf(plan);
  const gradient = gradientTermOf(plan.library)?.id;
  for (const { values } of tried) {
    const [one, ...more] = termsIn(plan, values).filter((id) => id !== gradient);
    const isPair = !gradient || values.has(gradient);
    const term = pool.find(({ id }) => id === one);
    if (isPair && term && more.length === 0) return [term];
  }
  return [];
}
