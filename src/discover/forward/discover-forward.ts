import type { Term } from '../../algebra/types.js';
import { readRuleText } from '../../experiments/attached.js';
import { combination, gradientTermOf, printed } from '../candidates.js';
import { assessAlone } from '../combine.js';
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
  const grown = await growRule(plan, crew, budget);
  const candidates = plan.baselines.includes('best-single-term') ? bestPair(plan, grown) : [];
  const fits = await crew.run(singlesFitting(plan, candidates, budget));
  const best = await bestSingle(plan, crew, candidates, fits);
  const assessed = assessAlone(plan, grown.rule);
  const { values } = assessed;
  const text =
    termsIn(plan, values).length > 0 ? combination('discovered', plan, values, false) : null;
  const front = await frontOf(plan, crew, triedRule(plan, values), [
    ...grown.tried.map((each) => triedRule(plan, each.values)),
    ...simplest(plan, gradients, gradientFits, best),
  ]);
  const contenders = contendersOf(plan, gradientContenders(gradients, gradientFits), best);
  const rule = text === null ? null : { ruleText: text, coefficients: termsIn(plan, values) };
  const all = [...contenders, ...rivals.contenders];
  const outcome = await outcomeOf(plan, crew, rule, all, 'feedback-alignment');
  const texts = new Map(plan.library.terms.map((term) => [term.id, term.text]));
  const searches = [...grown.searches, ...gradientFits, ...fits, ...rivals.searches];
  const wasTried = new Set(grown.tried.flatMap((each) => termsIn(plan, each.values)));
  return {
    ruleText: text,
    terms: plan.library.terms.flatMap(({ id, text: written }) => {
      const trust = assessed.terms.get(id);
      if (!trust) return [];
      const coefficient = Number(printed(values.get(id)!, assessed.digits));
      return [{ id, text: written, coefficient, ...trust }];
    }),
    dropped: plan.library.terms
      .filter(({ id }) => !assessed.terms.has(id))
      .map(({ id, text: written }) => ({
        id,
        text: written,
        by: wasTried.has(id) ? 'tried, and others did better' : 'not among those worth a fit',
      }))
      .sort((a, b) => Number(wasTried.has(b.id)) - Number(wasTried.has(a.id))),
    candidates: {
      ...grown.candidates,
      monomials: monomialsOf(plan.library.terms.filter(({ id }) => assessed.terms.has(id))),
      locality: text === null ? null : localityOf(plan, text),
      alike: [...assessed.terms.keys()].flatMap((id) => {
        const others = grown.aliases.get(id) ?? [];
        return others.length === 0 ? [] : [{ id, texts: others.map((each) => texts.get(each)!) }];
      }),
    },
    front,
    ...outcome,
    divergedEpisodes: searches.reduce((sum, { diverged }) => sum + diverged, 0),
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
