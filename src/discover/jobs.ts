import type { Engine, Runner } from '../engine/engine.js';
import { interpreter } from '../engine/interpret/interpret.js';
import { createTfjsEngine } from '../engine/tfjs/engine.js';
import { prepareRule } from '../program/rule.js';
import { weave } from '../program/weave.js';
import { readRuleText } from './read-rule.js';
import { measureScales } from './scale.js';
import { dataOf, type EpisodeKind, type Feedback, type Study } from './study.js';
import {
  startTraining,
  type TrainingOptions,
  type TrainingRecord,
  type TrainingState,
  trainedCoefficients,
  trainStep,
} from './train.js';

/** A unit of work for one thread: plain data in, plain data out, the same wherever it runs. */
export type Job = TrainJob | ScoreJob;
export type JobResult = TrainResult | ScoreResult;

interface JobBase {
  /** Unique in a run; results and checkpoints are filed under it. */
  readonly id: string;
  readonly study: Study;
  /** One rule. A search fits what it marks `fit`, starting from the values written. */
  readonly ruleText: string;
  readonly feedback: Feedback;
  readonly engine: EngineChoice;
}

export interface EngineChoice {
  readonly name: 'interpret' | 'tfjs';
  readonly backend: string | null;
}

export interface TrainJob extends JobBase {
  readonly kind: 'train';
  readonly training: Omit<TrainingOptions, 'scales'>;
  /** Measure each coefficient in units of equal update size; otherwise in its own. */
  readonly scaling: boolean;
  /** The coefficient whose update is the unit of all others. */
  readonly reference: string;
  /** Where an interrupted search stood. */
  readonly resume?: Checkpoint;
}

export interface ScoreJob extends JobBase {
  readonly kind: 'score';
  readonly episodes: EpisodeKind;
  /** Episodes from … up to (not including) to. */
  readonly from: number;
  readonly to: number;
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
  /** One entry an episode; an episode that diverged counts as all wrong, its loss is null. */
  readonly accuracies: readonly number[];
  readonly losses: readonly (number | null)[];
}

/** What a running job tells: one record a meta-step, now and then with a checkpoint. */
export interface JobProgress {
  readonly id: string;
  /** Episodes run since the last message. */
  readonly episodes: number;
  readonly record?: TrainingRecord;
  readonly checkpoint?: Checkpoint;
}

const SCALE_EPISODES = 3;
const CHECKPOINT_EVERY = 5;

/** Runs a job. Throws an `EngrammarError` for what is wrong with the rule, the data or the engine. */
export async function runJob(
  job: Job,
  report: (progress: JobProgress) => void,
): Promise<JobResult> {
  return job.kind === 'train' ? train(job, report) : score(job, report);
}

async function train(job: TrainJob, report: (progress: JobProgress) => void): Promise<TrainResult> {
  const { runner, start } = await prepare(job);
  const data = dataOf(job.study);
  const episodesOf = (kind: EpisodeKind, from: number, count: number) =>
    Array.from({ length: count }, (_, i) => data.episode(kind, from + i, job.feedback));
  const reference = Math.max(0, runner.program.parameters.indexOf(job.reference));
  const scales =
    job.resume?.scales ??
    (job.scaling && start.length > 1
      ? await measureScales(runner, episodesOf('scale', 0, SCALE_EPISODES), {
          index: reference,
          coefficient: start[reference]! < 0 ? -PROBE : PROBE,
        })
      : start.map(() => 1));
  const options: TrainingOptions = { ...job.training, scales };
  let state = job.resume?.state ?? startTraining(start.map((value, k) => value / scales[k]!));
  while (state.step < options.steps) {
    const episodes = episodesOf('search', state.step * options.batch, options.batch);
    const next = await trainStep(state, runner, episodes, options);
    state = next.state;
    report({
      id: job.id,
      episodes: options.batch,
      record: next.record,
      ...(state.step % CHECKPOINT_EVERY === 0 && { checkpoint: { scales, state } }),
    });
  }
  runner.dispose();
  const standardised = trainedCoefficients(state);
  return {
    kind: 'train',
    names: runner.program.parameters,
    coefficients: standardised.map((value, k) => value * scales[k]!),
    standardised,
    diverged: state.diverged,
  };
}

/** Size of the reference's coefficient while the others are measured: learning, but slowly. */
const PROBE = 1e-3;

async function score(job: ScoreJob, report: (progress: JobProgress) => void): Promise<ScoreResult> {
  const { runner, start } = await prepare(job);
  const data = dataOf(job.study);
  const accuracies: number[] = [];
  const losses: (number | null)[] = [];
  for (let index = job.from; index < job.to; index++) {
    const { episode, accuracy } = data.episode(job.episodes, index, job.feedback);
    const [result] = await runner.run([episode], start, { gradient: false });
    const stayed = result !== undefined && result.divergence === null;
    accuracies.push(stayed ? accuracy(result.outputs) : 0);
    losses.push(stayed ? result.loss : null);
    report({ id: job.id, episodes: 1 });
  }
  runner.dispose();
  return { kind: 'score', accuracies, losses };
}

/** Text → checked rule → program → engine; and the values its fitted parameters start from. */
async function prepare(job: Job): Promise<{ runner: Runner; start: number[] }> {
  const rule = prepareRule(readRuleText(`rule of ${job.id}`, job.ruleText, job.feedback));
  const program = weave(dataOf(job.study).circuit(job.feedback), { forward: rule });
  const runner = await (await engineFor(job.engine)).prepare(program);
  return { runner, start: program.parameters.map((name) => program.initial[name] as number) };
}

async function engineFor({ name, backend }: EngineChoice): Promise<Engine> {
  return name === 'interpret' ? interpreter : createTfjsEngine(backend ?? 'wasm');
}
