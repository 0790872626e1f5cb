import { availableParallelism } from 'node:os';
import { otherKindInFile } from '../base/diagnostics/catalogue.js';
import { nothingToFit, notResumable } from '../base/diagnostics/discover.js';
import { EngrammarError, toldAt, unwrap } from '../base/result.js';
import type { Source } from '../base/source.js';
import { loadRule, loadSpace } from '../catalogue/load.js';
import { type RuleTexts, readRuleText } from '../experiments/attached.js';
import { contestantOf, ruleOn } from '../experiments/contest.js';
import { dataFilesOf } from '../experiments/data-files.js';
import { checkMethod, type Experiment } from '../experiments/load.js';
import {
  experimentShape,
  isNamed,
  type MethodConfig,
  type MethodInput,
} from '../experiments/schema.js';
import { spelledOut } from '../experiments/spelled-out.js';
import { declaredSetup, type Study, setupOf, studyOf } from '../experiments/study.js';
import { latexEquations, latexOf } from '../express/latex.js';
import { parse } from '../language/parse.js';
import type { Circuit } from '../program/circuit.js';
import { createRun, openRun } from '../runs/folder.js';
import { newRunFolder } from '../runs/list.js';
import type { Task } from '../tasks/types.js';
import { carryOut, ledgerIn, NOTHING_YET, type Work } from './carry-out.js';
import type { Crew } from './crew.js';
import { discover, type Findings } from './discover.js';
import { type Threads, threads, threadWith } from './execute.js';
import { type FitPlan, fitRule, planFit } from './fit.js';
import { discoverForward } from './forward/discover-forward.js';
import { latexFront } from './front.js';
import { episodesAStep, planDiscovery, type Search, type Setting, tableAt } from './plan.js';
import type { DiscoveryResult, FoundRule } from './result.js';
import type { SessionOptions } from './session-options.js';

export type { SessionOptions } from './session-options.js';

/** A discovery with a circuit and a task that come from a program, not from the registries. */
export interface DeclaredExperiment {
  readonly name: string;
  /** The text of the space. */
  readonly space: Source;
  readonly circuit: Circuit;
  readonly task: Task;
  /** Texts of rules on other kinds of projections than that of the search, by kind. */
  readonly others?: RuleTexts;
  /** As in an experiment file: learner, select, evaluate, projection, seed and the like. */
  readonly method?: MethodInput;
}

/** A discovery that was stopped; its folder holds all that was found out so far. */
export class DiscoveryInterrupted extends Error {
  readonly runFolder: string;

  constructor(runFolder: string) {
    super('the discovery was interrupted');
    this.runFolder = runFolder;
  }
}

/** The space alone, as written: a run folder goes on whatever happens to the file it came from. */
const SPACE_FILE = 'space.space';

/** The same for rules, by kind of projection: those beside a space, and those of which one is fitted. */
const ENDINGS = { beside: '.rule', fitted: '.fit.rule', rival: '.baseline' } as const;

/**
 * Runs a discovery from an experiment into a new run folder. Throws an `EngrammarError` for
 * everything a person can mend, and `DiscoveryInterrupted` when stopped by the signal.
 */
export async function startDiscovery(
  experiment: Experiment,
  options: SessionOptions,
): Promise<DiscoveryResult> {
  const { undertaking, inputs } = planned(experiment);
  const hands = (): Threads => threadsFor(experiment.config, options);
  return begin(undertaking, experiment.config, options, hands, inputs);
}

/** A discovery as far as it is settled before anything is computed. */
interface Planned {
  readonly undertaking: Undertaking;
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * What an experiment means to find out. Throws an `EngrammarError` for what its space or rules, circuit and
 * task lack for one another.
 */
export function planned(experiment: Experiment): Planned {
  const { config, subject, name, where } = experiment;
  const study = studyOf(config);
  const setup = toldAt(where(['task'], 'value'), () => setupOf(study));
  const rivals = rivalsOf(config);
  if (!subject) throw new EngrammarError(nothingToFit({ rules: 'the experiment' }));
  // Whatever is not about a place in the text of a rule is about what the experiment names.
  return toldAt(where([subject.kind], 'value'), () => {
    if (subject.kind === 'rule') {
      const { rules } = unwrap(contestantOf(experiment, setup.circuit));
      const plan = planFit({ name, rules, study, setup, method: config, rivals });
      const inputs = { ...ruleInputs(rules, ENDINGS.fitted), ...ruleInputs(rivals, ENDINGS.rival) };
      return { undertaking: fitting(plan), inputs };
    }
    const { item, source } = unwrap(loadSpace(subject.reference));
    const others = othersOf(experiment, setup.circuit);
    const search = { name, space: item, source, study, setup, method: config, others, rivals };
    return { undertaking: searching(search), inputs: inputsOf(search) };
  });
}

/** The rules beside a space; they and the baselines are told where the experiment names them. */
function othersOf({ config, rules, where }: Experiment, circuit: Circuit): RuleTexts {
  const searched = config.projection ?? circuit.projections[0]!.kind;
  toldAt(where(['projection'], 'value'), () => tableAt(circuit, searched));
  config.baselines?.forEach((reference, k) => {
    if (isNamed(reference)) return;
    unwrap(ruleOn(reference, searched, circuit, where(['baselines', k], 'value')));
  });
  const texts = Object.entries(rules).map(
    ([kind, { reference }]) =>
      [kind, unwrap(ruleOn(reference, kind, circuit, where(['rules', kind], 'value')))] as const,
  );
  return Object.fromEntries(texts);
}

/**
 * The same for a circuit and a task of one's own, in this thread. Such a run cannot be resumed from
 * its folder alone.
 */
export async function startDeclaredDiscovery(
  experiment: DeclaredExperiment,
  options: SessionOptions,
): Promise<DiscoveryResult> {
  const { name, space: source, circuit, task, others = {} } = experiment;
  const method = unwrap(checkMethod(experiment.method ?? {}));
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'space') {
    throw new EngrammarError(otherKindInFile({ reference: source.name, kind: 'space' }));
  }
  const { seed } = method;
  const declared = { name: 'declared', circuit: circuit.name } as const;
  const study: Study = { circuit: declared, task: { name: 'declared' }, seed };
  const setup = declaredSetup(circuit, { episode: task }, seed);
  const rivals = rivalsOf(method);
  const search = { name, space: item, source, study, setup, method, others, rivals };
  const hands = (): Threads => options.threads ?? threadWith(() => setup);
  const facts = { ...method, circuit: declared };
  return begin(searching(search), facts, options, hands, inputsOf(search));
}

/** A search, or the fit of a rule: what is settled of it, and how it is done. */
interface Undertaking {
  readonly plan: Setting;
  readonly subject: DiscoveryResult['subject'];
  findOut(crew: Crew): Promise<Findings>;
}

/** Throws an `EngrammarError` for a space that is none on its circuit. */
function searching(search: Search): Undertaking {
  const plan = planDiscovery(search);
  const find = plan.select.method === 'forward' ? discoverForward : discover;
  return { plan, subject: 'space', findOut: (crew) => find(plan, crew) };
}

const fitting = (plan: FitPlan): Undertaking => ({
  plan,
  subject: 'rule',
  findOut: (crew) => fitRule(plan, crew),
});

const ruleInputs = (rules: RuleTexts, ending: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(rules).map(([kind, text]) => [encodeURIComponent(kind) + ending, text]),
  );

const rulesIn = (inputs: Readonly<Record<string, string>>, ending: string): RuleTexts =>
  Object.fromEntries(
    Object.entries(inputs)
      .filter(([file]) => file.endsWith(ending))
      .map(([file, text]) => [decodeURIComponent(file.slice(0, -ending.length)), text]),
  );

const inputsOf = ({ space, source, others, rivals = {} }: Search): Record<string, string> => ({
  [SPACE_FILE]: source.text.slice(space.span.start, space.span.end),
  ...ruleInputs(others, ENDINGS.beside),
  ...ruleInputs(rivals, ENDINGS.rival),
});

async function begin(
  undertaking: Undertaking,
  config: object,
  options: SessionOptions,
  hands: () => Threads,
  inputs: Readonly<Record<string, string>>,
): Promise<DiscoveryResult> {
  const { name, study } = undertaking.plan;
  const folder = options.out ?? unwrap(newRunFolder(name));
  const { command, versions } = options;
  const data = dataFilesOf(study.task);
  const written = spelledOut(config);
  const facts = { name, config: written, command, seed: study.seed, versions, data, inputs };
  const run = unwrap(createRun(folder, facts));
  return carryOut(workOf(undertaking), hands(), run, NOTHING_YET(), options);
}

/** Goes on with an interrupted discovery; the result is that of an uninterrupted one. */
export async function resumeDiscovery(
  folder: string,
  options: SessionOptions,
): Promise<DiscoveryResult> {
  const { run, config, inputs, checkpoint, history } = unwrap(openRun(folder));
  try {
    const source = { name: SPACE_FILE, text: inputs[SPACE_FILE] ?? '' };
    const parsed = experimentShape.safeParse(config);
    const [item] = source.text === '' ? [] : unwrap(parse(source));
    const rules = rulesIn(inputs, item ? ENDINGS.beside : ENDINGS.fitted);
    const rivals = rulesIn(inputs, ENDINGS.rival);
    const isWhole = item ? item.kind === 'space' : Object.keys(rules).length > 0;
    if (!isWhole || !parsed.success) throw new EngrammarError(notResumable({ folder }));
    const method = parsed.data;
    const study = studyOf(method);
    const { name } = run.manifest;
    const setup = setupOf(study);
    const undertaking =
      item?.kind === 'space'
        ? searching({ name, space: item, source, study, setup, method, others: rules, rivals })
        : fitting(planFit({ name, rules, study, setup, method, rivals }));
    const standing = { ledger: ledgerIn(checkpoint), history };
    return await carryOut(workOf(undertaking), threadsFor(method, options), run, standing, options);
  } catch (error) {
    if (run.manifest.status === 'running') run.finish('failed');
    throw error;
  }
}

/** Rules that are baselines, by name; of several with one name each further one has a number. */
function rivalsOf({ baselines = [] }: MethodConfig): RuleTexts {
  const rivals: Record<string, string> = {};
  for (const reference of baselines) {
    if (isNamed(reference)) continue;
    const { name } = unwrap(loadRule(reference)).item;
    const taken = Object.keys(rivals).filter((each) => each.split(' ')[0] === name).length;
    rivals[taken === 0 ? name : `${name} ${taken + 1}`] = ruleSource(reference);
  }
  return rivals;
}

/** The text of one rule, without what else its file holds. */
function ruleSource(reference: string): string {
  const { item, source } = unwrap(loadRule(reference));
  return source.text.slice(item.span.start, item.span.end);
}

/** The undertaking as work in a run folder. */
const workOf = ({ plan, subject, findOut }: Undertaking): Work<DiscoveryResult> => ({
  batch: episodesAStep(plan.learner),
  engine: plan.engine,
  engineWarning: plan.engineWarning,
  findOut: async (crew) => {
    const findings = await findOut(crew);
    return (facts, run) => {
      const result = resultOf(plan, findings, { subject, ...facts });
      if (result.rule) {
        run.writeRule(result.rule.text);
        const table = result.front.length > 0 ? `\n\n${latexFront(result.front)}` : '';
        run.writeLatex(latexEquations(result.rule.latex) + table);
      }
      return result;
    };
  },
  interrupted: (folder) => new DiscoveryInterrupted(folder),
});

export const threadsFor = ({ workers }: MethodConfig, options: SessionOptions): Threads =>
  options.threads ?? threads(workers ?? availableParallelism(), options.signal);

function resultOf(
  plan: Setting,
  findings: Findings,
  facts: Pick<DiscoveryResult, 'subject' | 'engine' | 'runFolder' | 'seconds'>,
): DiscoveryResult {
  const { ruleText } = findings;
  return {
    schemaVersion: 1,
    experiment: plan.name,
    subject: facts.subject,
    seed: plan.study.seed,
    searches: plan.select.searches,
    engine: facts.engine,
    rule: ruleText === null ? null : printedRule(ruleText, plan),
    terms: findings.terms,
    dropped: findings.dropped,
    candidates: findings.candidates,
    front: findings.front,
    metrics: findings.metrics,
    baselines: findings.baselines,
    gain: findings.gain,
    also: findings.also,
    divergedEpisodes: findings.divergedEpisodes,
    runFolder: facts.runFolder,
    seconds: facts.seconds,
  };
}

function printedRule(text: string, plan: Setting): FoundRule {
  return { text, latex: latexOf(readRuleText('rule.rule', text, plan.table)) };
}
