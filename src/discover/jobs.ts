import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { Stream } from '../base/random.js';
import type { Runner } from '../engine/engine.js';
import { openSettled, type SettledEngine } from '../engine/fallback.js';
import { type RuleTexts, readRuleText, readRuleTexts } from '../experiments/attached.js';
import { episodeOn } from '../experiments/episodes.js';
import { type EpisodeKind, type Setup, type Study, setupOf } from '../experiments/study.js';
import type { CheckedRule } from '../language/checked.js';
import type { Circuit } from '../program/circuit.js';
import { prepareRule, type RuleForCircuit } from '../program/rule.js';
import { weave } from '../program/weave.js';
import { withCurvature } from '../program/with-curvature.js';
import { overLastTrials, withSummedLoss } from '../program/with-summed-loss.js';
import { runsAStep } from './evolution.js';
import type { SearchedParameter } from './frame.js';
import { MOST_NEWTON } from './gauss-newton.js';
import { measureScales, sizeOf } from './scale.js';
import type { SearchRecord } from './so-far.js';
import {
  type LabelledEpisode,
  startTraining,
  type TrainingOptions,
  type TrainingState,
  trainedCoefficients,
  trainStep,
} from './train.js';

/** A unit of work for one thread: plain data in, plain data out, the same wherever it runs. */
export type Job = TrainJob | ScoreJob | SlopesJob | ProbeJob;
export type JobResult = TrainResult | ScoreResult | SlopesResult | ProbeResult;

export interface JobBase {
  /** Unique in a run; results and checkpoints are filed under it. */
  readonly id: string;
  readonly study: Study;
  /** One rule. A search fits what it marks `fit`, starting from the values written. */
  readonly ruleText: string;
  /** The kind of projection on which it stands, and other kinds that have the same rule. */
  readonly projection: string;
  readonly alsoOn: readonly string[];
  /** Rules on other kinds, as they are. */
  readonly others: RuleTexts;
  /** Values of parameters, by their names in the program, instead of those written. */
  readonly values: Readonly<Record<string, number>>;
  readonly engine: SettledEngine;
  /** Which sample of tasks and initial weights it sees, of all but the held-out ones, which are the same for all. */
  readonly sample: number;
}

export interface TrainJob extends JobBase {
  readonly kind: 'train';
  readonly training: Omit<TrainingOptions, 'scales' | 'curved'>;
  /** By the steps of Gauss and Newton, where there are few enough coefficients. */
  readonly newton?: boolean;
  /** Measure each coefficient in units of equal update size; otherwise in its own. */
  readonly scaling: boolean;
  /** Parameters that are searched and are no coefficients, such as time constants. */
  readonly searched: readonly SearchedParameter[];
  /** The coefficient whose update is the unit of all others. */
  readonly reference: string;
  /** Coefficients that the penalty is not on. */
  readonly unpenalised?: readonly string[];
  /** The first of its episodes; 0 if not given. A fit that goes on from another one has others. */
  readonly from?: number;
  /** Where an interrupted search stood. */
  readonly resume?: Checkpoint;
}

export interface ScoreJob extends JobBase {
  readonly kind: 'score';
  readonly episodes: EpisodeKind;
  /** Episodes from … up to (not including) to. */
  readonly from: number;
  readonly to: number;
  /** Parameters that are changed at random, anew for every episode, by up to a share of what they are. */
  readonly jitter?: { readonly share: number; readonly names: readonly string[] };
}

/** Derivatives of the loss with respect to what the rule marks `fit`, episode by episode. */
export interface SlopesJob extends Omit<ScoreJob, 'kind'> {
  readonly kind: 'slopes';
  /** Where units are asked for: the coefficient whose update is the unit, and what is no coefficient. */
  readonly units?: { readonly of: string; readonly beside: readonly string[] };
}

/** Losses of a rule with several sets of values for what it marks `fit`, or its shares of wrong answers. */
export interface ProbeJob extends Omit<ScoreJob, 'kind'> {
  readonly kind: 'probe';
  readonly by: 'loss' | 'accuracy';
  /** Each as many values by name as shall differ from those written. */
  readonly points: readonly Readonly<Record<string, number>>[];
}

/** Enough to go on with a search exactly where it stopped. */
export interface Checkpoint {
  readonly scales: readonly number[];
  readonly state: TrainingState;
}

export interface TrainResult {
  readonly kind: 'train';
  readonly names: readonly string[];
  /** As the rule uses them. */
  readonly coefficients: readonly number[];
  /** In units of equal update size: comparable with one another. */
  readonly standardised: readonly number[];
  readonly diverged: number;
}

export interface ScoreResult {
  readonly kind: 'score';
  /**
   * One entry an episode; an episode that diverged counts as all wrong, its loss is null. No accuracies
   * where nothing is asked.
   */
  readonly accuracies: readonly number[] | null;
  readonly losses: readonly (number | null)[];
}

export interface SlopesResult {
  readonly kind: 'slopes';
  readonly names: readonly string[];
  /** For each episode that stayed finite one number for each name. */
  readonly slopes: readonly (readonly number[])[];
  /** For each name the coefficient that makes as large an update as the unit; null where not asked for. */
  readonly units: readonly number[] | null;
}

export interface ProbeResult {
  readonly kind: 'probe';
  /** For each point one loss, or share of wrong answers, an episode; null where it diverged. */
  readonly losses: readonly (readonly (number | null)[])[];
}

/** What a running job tells: one record a meta-step, now and then with a checkpoint. */
export interface JobProgress {
  readonly id: string;
  /** Episodes run since the last message. */
  readonly episodes: number;
  readonly record?: SearchRecord;
  readonly checkpoint?: Checkpoint;
  /** What there is to say about the engine. */
  readonly warning?: Diagnostic;
}

const SCALE_EPISODES = 3;
const CHECKPOINT_EVERY = 5;

/** Where jobs get their circuits and episodes from. */
export type Setups = (study: Study) => Setup;

/** Runs a job. Throws an `EngrammarError` for what is wrong with the rule, the data or the engine. */
export async function runJob(
  job: Job,
  report: (progress: JobProgress) => void,
  setups: Setups = setupOf,
): Promise<JobResult> {
  switch (job.kind) {
    case 'train':
      return train(job, report, setups);
    case 'score':
      return score(job, report, setups);
    case 'slopes':
      return slopes(job, report, setups);
    case 'probe':
      return probe(job, report, setups);
  }
}

async function train(
  job: TrainJob,
  report: (progress: JobProgress) => void,
  setups: Setups,
): Promise<TrainResult> {
  const { runner, start, names, weights, episode, curve } = await prepare(job, report, setups);
  const curved = job.newton && names.length <= MOST_NEWTON ? await curve() : null;
  const episodesOf = (kind: EpisodeKind, from: number, count: number) =>
    Array.from({ length: count }, (_, i) => episode(kind, indexIn(job, kind, from + i)));
  const beside = names.map((name) => job.searched.find((each) => each.name === name) ?? null);
  const reference = Math.max(0, names.indexOf(job.reference));
  const scales =
    job.resume?.scales ??
    (job.scaling && start.length > 1
      ? await measureScales(runner, episodesOf('scale', 0, SCALE_EPISODES), {
          index: reference,
          coefficient: start[reference]! < 0 ? -PROBE : PROBE,
          fixed: beside.map((each, k) => (each ? start[k]! : null)),
          weights,
        })
      : start.map((value, k) => (beside[k] ? (beside[k].size ?? sizeOf(value)) : 1)));
  const { unpenalised = [] } = job;
  const options: TrainingOptions = {
    ...job.training,
    scales,
    ...(curved && { curved }),
    ...((job.searched.length > 0 || unpenalised.length > 0) && {
      penalised: names.map((name, k) => beside[k] === null && !unpenalised.includes(name)),
      ranges: beside.map((each) => each?.range ?? null),
    }),
  };
  const { from = 0 } = job;
  const { penalty } = options;
  const axes = { names, scales, ...(unpenalised.length > 0 && { penalty }) };
  let state = job.resume?.state ?? startTraining(start.map((value, k) => value / scales[k]!));
  while (state.step < options.steps) {
    const episodes = episodesOf('search', from + state.step * options.batch, options.batch);
    const next = await trainStep(state, runner, episodes, options);
    state = next.state;
    report({
      id: job.id,
      episodes: options.batch * (options.evolution ? runsAStep(options.evolution) : 1),
      record: state.step === 1 ? { ...next.record, ...axes } : next.record,
      ...(state.step % CHECKPOINT_EVERY === 0 && { checkpoint: { scales, state } }),
    });
  }
  runner.dispose();
  curved?.dispose();
  const standardised = trainedCoefficients(state);
  return {
    kind: 'train',
    names,
    coefficients: standardised.map((value, k) => value * scales[k]!),
    standardised,
    diverged: state.diverged,
  };
}

/** Episodes of a kind that a sample has to itself: more than anything runs. */
const EPISODES_OF_A_SAMPLE = 2 ** 32;

/** The number of an episode of a job's sample. Held-out tasks are the same for all samples. */
const indexIn = ({ sample }: Job, kind: EpisodeKind, index: number): number =>
  kind === 'score' ? index : sample * EPISODES_OF_A_SAMPLE + index;

/** Size of the reference's coefficient while the others are measured: learning, but slowly. */
const PROBE = 1e-3;

async function score(
  job: ScoreJob,
  report: (progress: JobProgress) => void,
  setups: Setups,
): Promise<ScoreResult> {
  const { runner, start, names, episode: made } = await prepare(job, report, setups);
  const accuracies: number[] = [];
  const losses: (number | null)[] = [];
  for (let index = job.from; index < job.to; index++) {
    const { episode, accuracy } = made(job.episodes, indexIn(job, job.episodes, index));
    const values = jittered(job, names, start, index);
    const [result] = await runner.run([episode], values, { gradient: false });
    const stayed = result !== undefined && result.divergence === null;
    if (accuracy) accuracies.push(stayed ? accuracy(result.outputs) : 0);
    losses.push(stayed ? result.loss : null);
    report({ id: job.id, episodes: 1 });
  }
  runner.dispose();
  const { hasAccuracy } = setups(job.study);
  return { kind: 'score', accuracies: hasAccuracy ? accuracies : null, losses };
}

/** The same numbers whatever rule has a parameter of the name. */
function jittered(
  { jitter, study }: ScoreJob,
  names: readonly string[],
  values: readonly number[],
  index: number,
): readonly number[] {
  if (!jitter) return values;
  const { share } = jitter;
  return values.map((value, k) => {
    const stream = new Stream(study.seed, 'jitter', index, names[k]!);
    return value * (1 + stream.uniform(-share, share));
  });
}

async function slopes(
  job: SlopesJob,
  report: (progress: JobProgress) => void,
  setups: Setups,
): Promise<SlopesResult> {
  const { runner, start, names, weights, episode: made } = await prepare(job, report, setups);
  let units: number[] | null = null;
  if (job.units) {
    const { of, beside } = job.units;
    const index = names.indexOf(of);
    units = await measureScales(runner, [made('scale', indexIn(job, 'scale', 0))], {
      index,
      coefficient: start[index]! < 0 ? -PROBE : PROBE,
      fixed: names.map((name, k) => (beside.includes(name) ? start[k]! : null)),
      weights,
    });
  }
  const found: number[][] = [];
  for (let index = job.from; index < job.to; index++) {
    const { episode } = made(job.episodes, indexIn(job, job.episodes, index));
    const [result] = await runner.run([episode], start, { gradient: true });
    if (result?.gradient && !result.divergence) found.push([...result.gradient]);
    report({ id: job.id, episodes: 1 });
  }
  runner.dispose();
  return { kind: 'slopes', names, slopes: found, units };
}

async function probe(
  job: ProbeJob,
  report: (progress: JobProgress) => void,
  setups: Setups,
): Promise<ProbeResult> {
  const { runner, start, names, episode: made } = await prepare(job, report, setups);
  const losses: (number | null)[][] = job.points.map(() => []);
  for (let index = job.from; index < job.to; index++) {
    const { episode, accuracy } = made(job.episodes, indexIn(job, job.episodes, index));
    const isByAccuracy = job.by === 'accuracy' && accuracy !== null;
    for (const [k, point] of job.points.entries()) {
      const values = names.map((name, at) => point[name] ?? start[at]!);
      const [result] = await runner.run([episode], values, { gradient: false });
      const stayed = result !== undefined && result.divergence === null;
      const cost = (): number => (isByAccuracy ? 1 - accuracy(result!.outputs) : result!.loss);
      losses[k]!.push(stayed ? cost() : null);
      report({ id: job.id, episodes: 1 });
    }
  }
  runner.dispose();
  return { kind: 'probe', losses };
}

interface Prepared {
  readonly runner: Runner;
  /** The values its fitted parameters start from. */
  readonly start: number[];
  /** Their names in the rule. */
  readonly names: string[];
  /** The weights that the rule changes. */
  readonly weights: string[];
  episode(kind: EpisodeKind, index: number): LabelledEpisode;
  /** The same with its curvature; null where its loss has none that is known. */
  curve(): Promise<Runner | null>;
}

/** Text → checked rule → program → engine. */
async function prepare(
  job: Job,
  report: (progress: JobProgress) => void,
  setups: Setups,
): Promise<Prepared> {
  const { circuit, episode, together } = setups(job.study);
  const { measures } = circuit;
  const table = circuit.tables[job.projection]!;
  const read = prepareRule(readRuleText(`rule of ${job.id}`, job.ruleText, table));
  const changed = job.kind === 'score' ? job.jitter?.names : undefined;
  const fixed = fixedRules(job, circuit);
  // A baseline may be the rule that stands on another projection, with values of its own.
  const isTaken = Object.values(fixed).some(({ name }) => name === read.name);
  const name = isTaken ? `${read.name} on ${job.projection}` : read.name;
  const rule = { ...read, name, ...(changed && { searched: changed }) };
  const same = [job.projection, ...job.alsoOn].map((kind) => [kind, rule] as const);
  const rules = { ...fixed, ...Object.fromEntries(same) };
  const woven = weave(circuit, rules, { values: job.values });
  // As in a run of given rules: trials that belong together count alike.
  const several = together !== null && together > 1 ? together : null;
  const program = several ? withSummedLoss(woven) : woven;
  const engine = await openSettled(job.engine, (warning) =>
    report({ id: job.id, episodes: 0, warning }),
  );
  const runner = await engine.prepare(program);
  // With several rules on a circuit, or where the circuit has something of that name.
  const own = `${rule.name}.`;
  return {
    runner,
    start: program.parameters.map((name) => program.initial[name] as number),
    names: program.parameters.map((name) => name.replace(own, '')),
    weights: circuit.projections
      .filter(({ kind }) => kind === job.projection || job.alsoOn.includes(kind))
      .map(({ name }) => name),
    curve: async () => {
      const curved = withCurvature(program);
      return curved && engine.prepare(curved);
    },
    episode: (kind, index) => {
      const given = episode(kind, index);
      const { accuracy } = given;
      const made = episodeOn(woven, circuit, given);
      return {
        episode: several ? overLastTrials(made, given.timeline, several) : made,
        accuracy,
        ...(measures && { measures }),
      };
    },
  };
}

/** The rules of other projections: nothing of them is searched, whatever they mark. */
function fixedRules({ id, others }: Job, circuit: Circuit): Record<string, RuleForCircuit> {
  const planned = new Map<CheckedRule, RuleForCircuit>();
  const rules: Record<string, RuleForCircuit> = {};
  for (const [kind, checked] of Object.entries(readRuleTexts(id, others, circuit))) {
    const plan = planned.get(checked) ?? { ...prepareRule(checked), searched: [] };
    planned.set(checked, plan);
    rules[kind] = plan;
  }
  return rules;
}
