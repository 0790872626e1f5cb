import { nothingToFit, tooManyToFit } from '../base/diagnostics/discover.js';
import { Stream } from '../base/random.js';
import { EngrammarError } from '../base/result.js';
import { type RuleTexts, readRuleTexts } from '../experiments/attached.js';
import type { MethodConfig } from '../experiments/schema.js';
import type { Setup, Study } from '../experiments/study.js';
import type { Rule } from '../language/ast.js';
import type { CheckedRule } from '../language/checked.js';
import { printMeasure } from '../language/print.js';
import { printed } from './candidates.js';
import { compared } from './compared.js';
import type { Crew } from './crew.js';
import type { Findings } from './discover.js';
import { type SearchedParameter, searchedOf } from './frame.js';
import { MOST_NEWTON } from './gauss-newton.js';
import { gradientContenders, gradientJobs } from './gradients.js';
import type { TrainJob, TrainResult } from './jobs.js';
import {
  checkOptimizer,
  checkRivals,
  chooseJob,
  episodesAStep,
  refuseScoped,
  type Setting,
  searchJob,
  settingOf,
  tableAt,
} from './plan.js';
import type { DiscoveredTerm } from './result.js';
import { fitRivals } from './rivals.js';
import { withValues } from './rule-text.js';
import { outcomeOf } from './score.js';
import { type Budget, budgetOf } from './search-once.js';
import { dropEffect, meanLoss } from './select.js';
import {
  DIGITS,
  type Intervals,
  intervalsOf,
  meanOf,
  PLAIN_DIGITS,
  rounded,
  steadiest,
  unitsIn,
  type Values,
} from './several-fits.js';
import { excludesZero } from './verdicts.js';

/** The fit of one given rule: the parameters that it marks `fit`. */
export interface FitPlan extends Setting {
  readonly rule: Rule;
  /** Values of parameters of the other rules: what stands in place of this one has none of its own. */
  readonly valuesOfOthers: Readonly<Record<string, number>>;
}

/** What is fitted, and where. */
export interface Fit {
  readonly name: string;
  /** Rules by kind of projection. */
  readonly rules: RuleTexts;
  readonly study: Study;
  readonly setup: Setup;
  readonly method: MethodConfig;
  /** Texts of rules that are baselines, by name. */
  readonly rivals?: RuleTexts;
}

/** Throws an `EngrammarError` for rules that are none on this circuit, or mark nothing that can be fitted. */
export function planFit({ name, rules, study, setup, method, rivals = {} }: Fit): FitPlan {
  const { circuit } = setup;
  checkOptimizer(method, circuit);
  for (const kind of Object.keys(rules)) tableAt(circuit, kind);
  const checked = Object.entries(readRuleTexts(name, rules, circuit));
  const isMarked = ([kind, { scope }]: (typeof checked)[number]): boolean =>
    (method.projection ?? kind) === kind && [...scope.parameters.values()].some(({ fit }) => fit);
  const found = checked.find(isMarked);
  if (!found) {
    const names = [...new Set(checked.map(([, { rule }]) => rule.name))];
    throw new EngrammarError(nothingToFit({ rules: names.join(', ') }));
  }
  const [projection, fitted] = found;
  refuseScoped(fitted.scope.parameters, fitted.source);
  if (method.learner.optimizer === 'gauss-newton') refuseMany(fitted);
  const isOther = (text: string): boolean => text !== rules[projection];
  const others = Object.fromEntries(Object.entries(rules).filter(([, text]) => isOther(text)));
  const table = tableAt(circuit, projection);
  checkRivals(rivals, projection, table);
  const setting = settingOf(name, study, method, rivals);
  // Where there are several rules, each one's name stands before its parameters.
  const own = Object.keys(others).length > 0 ? `${fitted.rule.name}.` : '';
  const values = { ...setting.values };
  const searched = searchedOf(fitted.scope.parameters, circuit.stepLength).map((each) => {
    const { [own + each.name]: given = each.start } = values;
    delete values[own + each.name];
    return { ...each, start: given };
  });
  return {
    ...setting,
    values,
    valuesOfOthers: Object.fromEntries(
      Object.entries(values).filter(([each]) => own !== '' && !each.startsWith(own)),
    ),
    projection,
    table,
    stepLength: circuit.stepLength,
    alsoOn: Object.keys(rules).filter((kind) => kind !== projection && !isOther(rules[kind]!)),
    others,
    searched,
    // Each parameter is measured in units of what it starts from.
    learner: { ...setting.learner, scaling: false },
    baselines: setting.baselines.filter((each) => each !== 'best-single-term'),
    rule: fitted.rule,
  };
}

/** Throws an `EngrammarError` for the first parameter that is one too many for the steps of Gauss and Newton. */
function refuseMany({ scope, source }: CheckedRule): void {
  const marked = [...scope.parameters.values()].filter(({ fit }) => fit);
  const { [MOST_NEWTON]: tooMany } = marked;
  if (!tooMany) return;
  const facts = { fitted: marked.length, most: MOST_NEWTON };
  throw new EngrammarError(tooManyToFit(facts, { source, span: tooMany.definition.span }));
}

/**
 * Fits the parameters of one rule to the task: the search of a discovery, without a penalty, as often
 * as searches are asked for. The rule is compared with itself as written, and with gradients.
 */
export async function fitRule(plan: FitPlan, crew: Crew): Promise<Findings> {
  const budget = budgetOf(plan);
  const count = plan.select.searches;
  const jobs = gradientJobs({ ...plan, values: plan.valuesOfOthers }, budget);
  const searches = budget.whole * (count + jobs.length) * episodesAStep(plan.learner);
  crew.expect(searches + plan.select.tasks * (2 * count + 2 + plan.searched.length));
  const samples = Array.from({ length: count }, (_, sample) => ({ ...plan, sample }));
  const fitted = await crew.together(
    samples.map((each, k) => () => fitOnce(each, crew, budget, k === 0 ? jobs : [])),
  );
  const fits = fitted.map(({ values }) => values);
  const names = plan.searched.map(({ name }) => name);
  const fresh = { ...plan, sample: count === 1 ? 0 : count };
  const digits = count === 1 ? PLAIN_DIGITS : DIGITS;
  const textOf = (values: Values): string => written(plan, values, false, digits);
  const mean = meanOf(fits, names);
  const chosen = await steadiest(fresh, crew, [mean, ...fits], textOf);
  const { level } = plan.evaluate;
  const intervals: Intervals = chosen === mean ? intervalsOf(fits, names, level) : new Map();
  const values = within(plan, rounded(chosen, intervals, unitsIn(plan)));
  const text = textOf(values);
  const terms = await parametersOf(fresh, crew, values, intervals, textOf);
  const asWritten = {
    name: 'as-written',
    about: 'the rule with the values that it came with',
    ruleText: written(plan, startOf(plan), false, 17),
    coefficients: names,
    study: plan.study,
  };
  const gradients = gradientContenders(jobs, fitted[0]!.beside);
  const rivals = await fitRivals(plan, crew, budget);
  const all = [asWritten, ...gradients, ...rivals.contenders];
  const own = { ruleText: text, coefficients: names };
  const outcome = await outcomeOf(plan, crew, own, all, asWritten.name);
  const beside = fitted.flatMap((each) => [...each.searches, ...each.beside]);
  const results = [...beside, ...rivals.searches];
  return {
    ruleText: text,
    terms,
    dropped: [],
    candidates: null,
    front: [],
    ...outcome,
    divergedEpisodes: results.reduce((sum, { diverged }) => sum + diverged, 0),
  };
}

interface Fitted {
  readonly values: Values;
  readonly searches: readonly TrainResult[];
  readonly beside: readonly TrainResult[];
}

/** One search, and a gentler one after it, which is taken unless it does worse on fresh tasks. */
async function fitOnce(
  plan: FitPlan,
  crew: Crew,
  budget: Budget,
  beside: readonly TrainJob[],
): Promise<Fitted> {
  const search = (id: string, from: Values, steps: number, refit: boolean): TrainJob =>
    searchJob(plan, id, written(plan, from, true, 17), {
      steps,
      penalised: false,
      reference: plan.searched[0]!.name,
      refit,
    });
  const start = startOf(plan);
  const [first, ...others] = await crew.run([
    search('fit', start, budget.search, false),
    ...beside,
  ]);
  const found = valuesIn(first!);
  const [second] = await crew.run([search('refit', found, budget.refit, true)]);
  const refitted = valuesIn(second!);
  const texts = [found, refitted].map((values) => written(plan, values, false, DIGITS));
  // Both may be the same text, which is filed once.
  const [before] = await crew.run([chooseJob(plan, texts[0]!)]);
  const [after] = await crew.run([chooseJob(plan, texts[1]!)]);
  const both = [before!, after!];
  const isBetter = meanLoss(after!, both) <= meanLoss(before!, both);
  return { values: isBetter ? refitted : found, searches: [first!, second!], beside: others };
}

const valuesIn = ({ names, coefficients }: TrainResult): Values =>
  new Map(names.map((name, k) => [name, coefficients[k]!]));

const startOf = ({ searched }: FitPlan): Values =>
  new Map(searched.map(({ name, start }) => [name, start]));

/** The rule's text with these values. */
export function written(
  { rule, searched }: FitPlan,
  values: Values,
  fit: boolean,
  digits: number,
): string {
  const texts = searched.map(
    ({ name, unit }) => [name, printed(values.get(name)! / unit, digits)] as const,
  );
  return withValues(rule, new Map(texts), fit);
}

/** Rounding may not lead out of the range that the rule gives a parameter. */
const within = ({ searched }: FitPlan, values: Values): Values =>
  new Map(
    searched.map(({ name, range: [low, high] }) => [
      name,
      Math.min(Math.max(values.get(name)!, low), high),
    ]),
  );

/** What was found out about each parameter; its effect is the rise of the loss with the value as written. */
async function parametersOf(
  plan: FitPlan,
  crew: Crew,
  values: Values,
  intervals: Intervals,
  textOf: (values: Values) => string,
): Promise<DiscoveredTerm[]> {
  const start = startOf(plan);
  const back = plan.searched.map(({ name }) => new Map(values).set(name, start.get(name)!));
  const texts = [values, ...back].map(textOf);
  const scores = await compared(plan, crew, texts);
  return plan.searched.map(({ name, unit }: SearchedParameter, k): DiscoveredTerm => {
    const interval = intervals.get(name) ?? null;
    const stream = new Stream(plan.study.seed, 'effect', name);
    const tells = interval && excludesZero(interval) ? 'established' : 'tentative';
    return {
      id: name,
      text: textOfStart(plan.rule, name),
      coefficient: Number(printed(values.get(name)! / unit, DIGITS)),
      interval: interval && [interval[0] / unit, interval[1] / unit],
      inclusion: null,
      verdict: plan.select.searches === 1 ? 'not assessed' : tells,
      effect: dropEffect(scores[0]!, scores[k + 1]!, plan.evaluate.level, stream),
      aliases: [],
    };
  });
}

/** The value of a parameter as the rule has it, with its unit. */
function textOfStart(rule: Rule, name: string): string {
  const definitions = rule.lines.flatMap((line) => (line.kind === 'param' ? line.definitions : []));
  return printMeasure(definitions.find((each) => each.name === name)!.value);
}
