import { readRuleText } from '../experiments/attached.js';
import type { Rule } from '../language/ast.js';
import type { Parameter } from '../language/checked.js';
import { writtenValue } from '../program/rule.js';
import { printed } from './candidates.js';
import { compared } from './compared.js';
import type { Crew } from './crew.js';
import { type SearchedParameter, searchedOf } from './frame.js';
import type { TrainJob, TrainResult } from './jobs.js';
import { type Setting, searchJob } from './plan.js';
import { withValues } from './rule-text.js';
import type { Contender } from './score.js';
import type { Budget } from './search-once.js';
import { meanLoss } from './select.js';
import type { Values } from './several-fits.js';

/** Given rules that a discovered one is compared with, each fitted over as many episodes. */
export interface FittedRivals {
  readonly contenders: readonly Contender[];
  readonly searches: readonly TrainResult[];
}

/** A given rule and what of it is fitted. */
interface Rival {
  readonly name: string;
  readonly rule: Rule;
  /** Parameters that are fitted. */
  readonly fitted: readonly Parameter[];
  /** Of these those with a unit or a range: no coefficients, but time constants and the like. */
  readonly searched: readonly SearchedParameter[];
}

/**
 * Fits what each rule marks `fit`, or, where it marks nothing, all parameters that are one number,
 * beginning with the values written: first with the rate of the learner, then gently, in all as many
 * steps as whatever it is compared with. What does worse on the tasks of comparison than the rule as
 * written is not taken.
 */
export async function fitRivals(plan: Setting, crew: Crew, budget: Budget): Promise<FittedRivals> {
  const lines = Object.entries(plan.rivals).map(([name, text]) => {
    const rival = rivalOf(plan, name, text);
    return () => fitRival(plan, crew, rival, budget);
  });
  const fitted = await crew.together(lines);
  return {
    contenders: fitted.map(({ contender }) => contender),
    searches: fitted.flatMap(({ searches }) => searches),
  };
}

function rivalOf(plan: Setting, name: string, text: string): Rival {
  const { rule, scope } = readRuleText(name, text, plan.table);
  const whole = [...scope.parameters.values()].filter(({ definition }) => !definition.scope);
  const marked = whole.filter(({ fit }) => fit);
  const fitted = marked.length > 0 ? marked : whole;
  const others = fitted.filter(({ definition: { value, range } }) => {
    return range !== null || value.unit !== null || value.per.length > 0;
  });
  const asFit = new Map(others.map((each) => [each.name, { ...each, fit: true }]));
  return { name, rule, fitted, searched: searchedOf(asFit, plan.stepLength) };
}

async function fitRival(
  plan: Setting,
  crew: Crew,
  rival: Rival,
  budget: Budget,
): Promise<{ contender: Contender; searches: TrainResult[] }> {
  const { name, fitted, searched } = rival;
  const start = new Map(fitted.map((each) => [each.name, writtenValue(each, plan.stepLength)]));
  const coefficients = fitted
    .map((each) => each.name)
    .filter((each) => !searched.some((other) => other.name === each));
  const alone = { ...plan, searched, alsoOn: [] };
  const search = (id: string, from: Values, steps: number, refit: boolean): TrainJob =>
    searchJob(alone, `${name} ${id}`, written(rival, from, true), {
      steps,
      penalised: false,
      reference: coefficients[0] ?? fitted[0]!.name,
      refit,
    });
  const searches: TrainResult[] = [];
  let best: Values = start;
  if (fitted.length > 0) {
    const [first] = await crew.run([search('fit', start, budget.whole - budget.refit, false)]);
    const [second] = await crew.run([search('refit', valuesIn(first!), budget.refit, true)]);
    searches.push(first!, second!);
    const all = [start, valuesIn(first!), valuesIn(second!)];
    const texts = all.map((values) => written(rival, values, false));
    const scores = await compared(alone, crew, texts);
    const losses = scores.map((score) => meanLoss(score, scores));
    best = all[losses.lastIndexOf(Math.min(...losses))]!;
  }
  const about = `${name}, its ${fitted.map((each) => each.name).join(', ') || 'values as written'}${fitted.length > 0 ? ' fitted over as many episodes' : ''}`;
  const { alsoOn, others, values } = alone;
  return {
    contender: {
      name,
      about,
      ruleText: written(rival, best, false),
      coefficients,
      study: plan.study,
      beside: { alsoOn, others, values },
    },
    searches,
  };
}

const valuesIn = ({ names, coefficients }: TrainResult): Values =>
  new Map(names.map((name, k) => [name, coefficients[k]!]));

/** The rule with these values; with `fit` they are marked. */
function written({ rule, fitted, searched }: Rival, values: Values, fit: boolean): string {
  const unitOf = (name: string): number => searched.find((each) => each.name === name)?.unit ?? 1;
  const texts = new Map(
    fitted.map(({ name }) => [name, printed(values.get(name)! / unitOf(name))] as const),
  );
  const marking = fitted.map(({ name }) => name);
  const lines = rule.lines.map((line) =>
    line.kind === 'param'
      ? {
          ...line,
          definitions: line.definitions.map((each) => ({
            ...each,
            fit: marking.includes(each.name),
          })),
        }
      : line,
  );
  return withValues({ ...rule, lines }, texts, fit);
}
