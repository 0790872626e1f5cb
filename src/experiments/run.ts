import { availableParallelism } from 'node:os';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { nothingToRun } from '../base/diagnostics/experiment.js';
import { Stream } from '../base/random.js';
import { EngrammarError, unwrap } from '../base/result.js';
import { WorkerPool } from '../base/threads/pool.js';
import { type SettledEngine, settleEngine } from '../engine/fallback.js';
import { createRun } from '../runs/folder.js';
import { newRunFolder } from '../runs/list.js';
import { prepareSimulation } from '../tasks/simulate.js';
import { readRuleTexts } from './attached.js';
import { type ComputedBy, EngineNotices, engineChoice } from './computed-by.js';
import { baselinesOf, type Contestant, contestantOf, RATES } from './contest.js';
import { dataFilesOf } from './data-files.js';
import { episodeOn } from './episodes.js';
import { bootstrapMean, type Interval } from './intervals.js';
import type { Experiment } from './load.js';
import type { Measured, MeasureJob, MeasureProgress } from './measure.js';
import { isNamed } from './schema.js';
import { spelledOut } from './spelled-out.js';
import { type EpisodeKind, type Setup, setupOf } from './study.js';

/** A rule, or several on different projections, that was run on the tasks of an experiment. */
export interface RunRule {
  readonly name: string;
  readonly about: string;
  readonly baseline: boolean;
  /** What was run, by kind of projection. */
  readonly texts: Readonly<Record<string, string>>;
  /** Values of parameters other than those written. */
  readonly values: Readonly<Record<string, number>>;
  /** Over the tasks that stayed finite; of the accuracy, diverged ones count as all wrong. */
  readonly metrics: Readonly<Record<string, Interval>>;
  /** Tasks whose numbers stopped being finite. */
  readonly diverged: number;
}

/** What a run comes to. */
export interface RunResult {
  readonly schemaVersion: 1;
  readonly experiment: string;
  readonly circuit: string;
  readonly task: string;
  readonly rules: readonly RunRule[];
  readonly seed: number;
  readonly engine: ComputedBy;
  readonly runFolder: string;
  readonly seconds: number;
}

export interface RunOptions {
  /** Run folder; a new one under ./runs if not given. */
  readonly out?: string;
  readonly command: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  onFolder?(path: string): void;
  onProgress?(progress: {
    readonly done: number;
    readonly expected: number;
    readonly seconds: number;
  }): void;
  /** What there is to say about the engine: another one computes, or computed part of it. */
  onWarning?(warning: Diagnostic): void;
}

/** A run that was stopped; nothing of it is left but its folder. */
export class RunInterrupted extends Error {
  readonly runFolder: string;

  constructor(runFolder: string) {
    super('the run was interrupted');
    this.runFolder = runFolder;
  }
}

/** Episodes of one job: small, so that threads finish together. */
const CHUNK = 25;
/** Tasks on which the learning rate of a baseline is chosen, never the held-out ones. */
const CHOOSE_TASKS = 12;

/**
 * Runs the rules of an experiment, and what they are compared with, on the same tasks from the same
 * initial weights. Throws an `EngrammarError` for what a person can mend, and `RunInterrupted` when
 * stopped by the signal.
 */
export async function runExperiment(
  experiment: Experiment,
  options: RunOptions,
): Promise<RunResult> {
  const { config, name, subject } = experiment;
  if (subject.kind === 'space') {
    throw new EngrammarError(nothingToRun({ space: subject.reference }));
  }
  const { circuit, task, seed, workers } = config;
  const setup = setupOf({ circuit, task, seed });
  const own = unwrap(contestantOf(experiment, setup.circuit));
  await tryOut(own, setup);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const folder = options.out ?? unwrap(newRunFolder(name));
  const inputs = Object.entries(own.rules).map(([kind, text]) => [`${kind}.rule`, text]);
  const { command, versions, signal } = options;
  const data = dataFilesOf(task);
  const written = spelledOut(config);
  const facts = {
    name,
    config: written,
    command,
    seed,
    versions,
    data,
    inputs: Object.fromEntries(inputs),
  };
  const run = unwrap(createRun(folder, facts));
  options.onFolder?.(run.path);
  const notices = new EngineNotices((warning) => options.onWarning?.(warning));
  const { engine, warning } = settleEngine(engineChoice(config));
  if (warning) notices.take(warning);
  const worker = new URL('./worker.js', import.meta.url);
  const pool = new WorkerPool<MeasureJob, MeasureProgress, Measured>(worker, {
    workers: workers ?? availableParallelism(),
  });
  try {
    const crew = new Measuring(experiment, engine, pool, signal, {
      progress: (done, expected) => options.onProgress?.({ done, expected, seconds: seconds() }),
      warning: (each) => notices.take(each),
    });
    const rules = await crew.contest(own, baselinesOf(experiment));
    const result: RunResult = {
      schemaVersion: 1,
      experiment: name,
      circuit: setup.circuit.name,
      task: task.name,
      rules,
      seed,
      engine: notices.of(engine),
      runFolder: run.path,
      seconds: seconds(),
    };
    run.writeResult(result);
    run.finish('done');
    return result;
  } catch (error) {
    run.finish(signal.aborted ? 'interrupted' : 'failed');
    if (signal.aborted) throw new RunInterrupted(run.path);
    throw error;
  } finally {
    await pool.close();
  }
}

/** Puts the rules on the circuit and an episode beside it: what does not fit is told before anything runs. */
async function tryOut(own: Contestant, { circuit, episode }: Setup): Promise<void> {
  const rules = readRuleTexts(own.name, own.rules, circuit);
  const simulator = await prepareSimulation({ circuit, rules, values: own.values });
  episodeOn(simulator.program, circuit, episode('score', 0));
  simulator.dispose();
}

/** Told about what happens while contestants run. */
interface Listener {
  progress(done: number, expected: number): void;
  warning(warning: Diagnostic): void;
}

/** Runs contestants on threads, and counts what is done. */
class Measuring {
  private done = 0;
  private expected = 0;
  private readonly experiment: Experiment;
  private readonly engine: SettledEngine;
  private readonly pool: WorkerPool<MeasureJob, MeasureProgress, Measured>;
  private readonly signal: AbortSignal;
  private readonly listener: Listener;

  constructor(
    experiment: Experiment,
    engine: SettledEngine,
    pool: WorkerPool<MeasureJob, MeasureProgress, Measured>,
    signal: AbortSignal,
    listener: Listener,
  ) {
    this.experiment = experiment;
    this.engine = engine;
    this.pool = pool;
    this.signal = signal;
    this.listener = listener;
  }

  /** The rules first, then its baselines, those with a learning rate at their best one. */
  async contest(own: Contestant, baselines: readonly Contestant[]): Promise<RunRule[]> {
    const { tasks } = this.experiment.config.evaluate;
    const tuned = baselines.filter(isTuned);
    this.expected = tasks * (1 + baselines.length) + tuned.length * RATES.length * CHOOSE_TASKS;
    const chosen = await this.tune(tuned);
    const all = [own, ...baselines.map((each) => chosen.get(each) ?? each)];
    const measured = await this.measure(all, 'score', tasks);
    return all.map((each, k) => this.summary(each, measured[k]!));
  }

  private async tune(tuned: readonly Contestant[]): Promise<Map<Contestant, Contestant>> {
    const tried = tuned.flatMap((each) => RATES.map((eta) => ({ ...each, values: { eta } })));
    const measured = await this.measure(tried, 'choose', CHOOSE_TASKS);
    const losses = measured.map((each) =>
      each.reduce((sum, figures) => sum + (figures?.loss ?? DIVERGED_LOSS), 0),
    );
    return new Map(
      tuned.map((each, k) => {
        const own = losses.slice(k * RATES.length, (k + 1) * RATES.length);
        const best = own.indexOf(Math.min(...own));
        return [each, tried[k * RATES.length + best]!];
      }),
    );
  }

  private async measure(
    contestants: readonly Contestant[],
    episodes: EpisodeKind,
    tasks: number,
  ): Promise<Measured[]> {
    const { engine, listener } = this;
    const { together } = setupOf(contestants[0]?.study ?? this.experiment.config);
    const size = together === null ? CHUNK : 1;
    const starts = Array.from({ length: Math.ceil(tasks / size) }, (_, k) => k * size);
    const jobs = contestants.flatMap(({ name, study, rules, values }) =>
      starts.map((from): MeasureJob => {
        const to = Math.min(from + size, tasks);
        return { id: name, study, rules, values, engine, episodes, from, to };
      }),
    );
    const results = unwrap(
      await this.pool.run(jobs, {
        signal: this.signal,
        onProgress: (told) => {
          if (typeof told !== 'number') return listener.warning(told);
          this.done += told;
          listener.progress(Math.floor(this.done), this.expected);
        },
      }),
    );
    return contestants.map((_, k) =>
      results.slice(k * starts.length, (k + 1) * starts.length).flat(),
    );
  }

  private summary(contestant: Contestant, measured: Measured): RunRule {
    const { evaluate, seed } = this.experiment.config;
    const finite = measured.filter((each) => each !== null);
    const names = [...new Set(finite.flatMap((each) => Object.keys(each)))];
    const isAsked = names.includes('accuracy') || setupOf(contestant.study).hasAccuracy;
    const interval = (name: string): Interval => {
      const of = name === 'accuracy' ? measured : finite;
      const values = of.map((each) => each?.[name] ?? 0);
      const stream = new Stream(seed, 'interval', contestant.name, name);
      return bootstrapMean(values, evaluate.level, stream);
    };
    const shown = isAsked ? ['accuracy', 'loss'] : names;
    return {
      name: contestant.name,
      about: contestant.about,
      baseline: contestant.isBaseline,
      texts: contestant.rules,
      values: contestant.values,
      metrics: Object.fromEntries(shown.map((name) => [name, interval(name)])),
      diverged: measured.length - finite.length,
    };
  }
}

/** Cross-entropy put in place of a task that diverged: far above chance. */
const DIVERGED_LOSS = 10;

/** A gradient baseline needs a learning rate. */
const isTuned = ({ isBaseline, name }: Contestant): boolean => isBaseline && isNamed(name);
