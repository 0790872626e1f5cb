import { enumerate } from '../algebra/enumerate.js';
import type { TermLibrary } from '../algebra/types.js';
import { ruleForAnother } from '../base/diagnostics/circuit.js';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { fitPerProjection, noCurvature } from '../base/diagnostics/discover.js';
import { subjectTwice } from '../base/diagnostics/experiment.js';
import { noSuchProjection } from '../base/diagnostics/program.js';
import { EngrammarError, unwrap } from '../base/result.js';
import type { Source } from '../base/source.js';
import { type SettledEngine, settleEngine } from '../engine/fallback.js';
import { type Condition, conditionsOf } from '../experiments/also.js';
import { type RuleTexts, readRuleText } from '../experiments/attached.js';
import { engineChoice } from '../experiments/computed-by.js';
import type { MethodConfig } from '../experiments/schema.js';
import type { Setup, Study } from '../experiments/study.js';
import type { Space } from '../language/ast.js';
import { checkSpace } from '../language/check/space.js';
import type { Parameter } from '../language/checked.js';
import type { SignalTable } from '../language/signals.js';
import type { Circuit } from '../program/circuit.js';
import { weave } from '../program/weave.js';
import { hasCurvature } from '../program/with-curvature.js';
import type { Pool } from './candidates.js';
import { runsAStep } from './evolution.js';
import { type Frame, frameOf, type SearchedParameter } from './frame.js';
import type { JobBase, ScoreJob, TrainJob } from './jobs.js';

/** What is settled of whatever is searched: what runs, on what, for how long. */
export interface Setting {
  readonly name: string;
  readonly study: Study;
  /** The kind of projection on which the rule stands, and what it offers. */
  readonly projection: string;
  readonly table: SignalTable;
  /** Milliseconds a step lasts; null where steps are counted. */
  readonly stepLength: number | null;
  /** Other kinds on which the same rule stands. */
  readonly alsoOn: readonly string[];
  /** Rules on other kinds of projections. */
  readonly others: RuleTexts;
  readonly values: Readonly<Record<string, number>>;
  /** Parameters that are searched and are no coefficients. */
  readonly searched: readonly SearchedParameter[];
  readonly learner: MethodConfig['learner'];
  readonly select: MethodConfig['select'];
  readonly baselines: NonNullable<MethodConfig['baselines']>;
  /** Rules that are baselines: their texts, by name. */
  readonly rivals: RuleTexts;
  readonly evaluate: MethodConfig['evaluate'];
  /** Other circumstances under which rules are scored. */
  readonly also: readonly Condition[];
  readonly engine: SettledEngine;
  /** Why that is not the engine that was asked for; null where it is. */
  readonly engineWarning: Diagnostic | null;
  /**
   * Which of several searches this is: each has tasks and initial weights of its own, from the same
   * images. What is found out about all of them together comes after the last.
   */
  readonly sample: number;
}

/** A discovery in a space. */
export interface DiscoveryPlan extends Setting, Pool {
  readonly library: TermLibrary;
  readonly frame: Frame;
  /**
   * Whether the gradient rule `-post.error * pre` makes sense on its own: feedback alignment, or, with
   * symmetric feedback, backpropagation.
   */
  readonly hasGradient: boolean;
}

/** What is searched, and where. */
export interface Search {
  readonly name: string;
  readonly space: Space;
  readonly source: Source;
  readonly study: Study;
  readonly setup: Setup;
  readonly method: MethodConfig;
  /** Rules on other kinds of projections, by kind. */
  readonly others: RuleTexts;
  /** Texts of rules that are baselines, by name. */
  readonly rivals?: RuleTexts;
}

/** Throws an `EngrammarError` for a space that is none on this circuit. */
export function planDiscovery(search: Search): DiscoveryPlan {
  const { name, space, source, study, setup, method, others, rivals = {} } = search;
  const { circuit } = setup;
  checkOptimizer(method, circuit);
  const projection = method.projection ?? circuit.projections[0]!.kind;
  const table = tableAt(circuit, projection);
  for (const kind of Object.keys(others)) tableAt(circuit, kind);
  if (Object.hasOwn(others, projection)) {
    throw new EngrammarError(subjectTwice({ first: 'space', second: `rules.${projection}` }));
  }
  const checked = unwrap(checkSpace(space, source, table));
  refuseScoped(checked.scope.parameters, source);
  checkRivals(rivals, projection, table);
  const frame = frameOf(checked, circuit.stepLength);
  return {
    ...settingOf(name, study, method, rivals),
    library: unwrap(enumerate(checked)),
    frame,
    projection,
    table,
    stepLength: circuit.stepLength,
    alsoOn: [],
    others,
    searched: frame.searched,
    hasGradient: study.circuit.name === 'feed-forward',
  };
}

/** What an experiment says of any search. */
export function settingOf(
  name: string,
  study: Study,
  method: MethodConfig,
  rivals: RuleTexts,
): Omit<Setting, 'projection' | 'table' | 'stepLength' | 'alsoOn' | 'others' | 'searched'> {
  const { engine, warning: engineWarning } = settleEngine(engineChoice(method));
  return {
    name,
    study,
    values: method.values ?? {},
    learner: method.learner,
    select: method.select,
    baselines: method.baselines ?? ['best-single-term'],
    rivals,
    evaluate: method.evaluate,
    also: conditionsOf(study, method.evaluate.also),
    engine,
    engineWarning,
    sample: 0,
  };
}

/** Throws an `EngrammarError` where the optimizer needs to know costs that this circuit does not tell. */
export function checkOptimizer({ learner }: MethodConfig, circuit: Circuit): void {
  if (learner.optimizer !== 'gauss-newton' || hasCurvature(weave(circuit, {}))) return;
  throw new EngrammarError(noCurvature({ circuit: circuit.name }));
}

/** What is searched is one number. Throws an `EngrammarError` for a parameter that is several. */
export function refuseScoped(parameters: ReadonlyMap<string, Parameter>, source: Source): void {
  for (const { name: parameter, definition, fit } of parameters.values()) {
    if (!fit || definition.scope === null) continue;
    const where = { source, span: definition.span };
    throw new EngrammarError(fitPerProjection({ parameter, scope: definition.scope }, where));
  }
}

/** Rules that are baselines have to stand where the rule that is searched stands. */
export function checkRivals(rivals: RuleTexts, kind: string, table: SignalTable): void {
  for (const [name, text] of Object.entries(rivals)) {
    const { rule, source } = readRuleText(name, text, table);
    const { targets } = rule;
    if (targets.length === 0 || targets.includes(kind)) continue;
    const facts = { rule: rule.name, targets, kind };
    throw new EngrammarError(ruleForAnother(facts, { source, span: rule.nameSpan }));
  }
}

/** The name of a job: that of a further search says which one it is. */
export const jobName = ({ sample }: Setting, id: string): string =>
  sample === 0 ? id : `search ${sample + 1}, ${id}`;

export function tableAt(circuit: Circuit, kind: string): SignalTable {
  const known = [...new Set(circuit.projections.map((each) => each.kind))];
  if (known.includes(kind)) return circuit.tables[kind]!;
  throw new EngrammarError(noSuchProjection({ kind, circuit: circuit.name, known }));
}

/** What all jobs of a discovery have in common. */
export function baseOf(plan: Setting): Omit<JobBase, 'id' | 'ruleText'> {
  const { study, projection, alsoOn, others, values, engine, sample } = plan;
  return { study, projection, alsoOn, others, values, engine, sample };
}

/** Episodes that a meta-step runs: with the evolution strategy those with changed coefficients, too. */
export function episodesAStep({ optimizer, batch, pairs }: MethodConfig['learner']): number {
  return batch * (optimizer === 'evolution' ? runsAStep({ pairs }) : 1);
}

/** Share of a search's last steps whose coefficients are averaged. */
const AVERAGED = 1 / 3;

/** A refit starts near its goal: it goes at half the rate, and the rate falls to zero. */
const REFIT_RATE = 0.5;

/** The search of a rule's coefficients: `steps` meta-steps, with or without the penalty. */
export function searchJob(
  plan: Setting,
  id: string,
  ruleText: string,
  options: {
    readonly steps: number;
    readonly penalised: boolean;
    readonly reference: string;
    readonly study?: Study;
    /** Goes on from coefficients that are good already. */
    readonly refit?: boolean;
    /** The first of its episodes. */
    readonly from?: number;
  },
): TrainJob {
  const { learner, searched } = plan;
  const penalty = options.penalised ? learner.penalty : 0;
  return {
    kind: 'train',
    ...baseOf(plan),
    id: jobName(plan, id),
    ruleText,
    ...(options.study && { study: options.study }),
    ...(options.from !== undefined && { from: options.from }),
    searched,
    scaling: learner.scaling,
    reference: options.reference,
    ...(learner.optimizer === 'gauss-newton' && penalty === 0 && { newton: true }),
    training: {
      steps: options.steps,
      batch: learner.batch,
      rate: options.refit ? REFIT_RATE * learner.rate : learner.rate,
      schedule: options.refit ? 'cosine' : learner.schedule,
      penalty,
      form: learner.optimizer === 'adam' ? 'subgradient' : 'proximal',
      ...(learner.optimizer === 'evolution' && {
        evolution: { pairs: learner.pairs, spread: learner.spread, seed: plan.study.seed },
      }),
      clip: learner.clip === 0 ? Number.MAX_VALUE : learner.clip,
      averaged: AVERAGED,
    },
  };
}

/** Runs a rule on the tasks, none of them held out, by which candidates are compared; filed under its text, so each runs once. */
export function chooseJob(plan: Setting, ruleText: string): ScoreJob {
  return {
    kind: 'score',
    ...baseOf(plan),
    id: jobName(plan, `choose ${ruleText}`),
    ruleText,
    episodes: 'choose',
    from: 0,
    to: plan.select.tasks,
  };
}
