import { availableParallelism } from 'node:os';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { notResumable } from '../base/diagnostics/discover.js';
import { descentWithoutLoss, nothingToRun } from '../base/diagnostics/experiment.js';
import { noSuchParameter, programDiagnostics } from '../base/diagnostics/program.js';
import { EngrammarError, toldAt, unwrap } from '../base/result.js';
import { WorkerPool } from '../base/threads/pool.js';
import { settleEngine } from '../engine/fallback.js';
import { conclude } from '../runs/conclude.js';
import { createRun, openRun, type RunFolder, readCheckpoint } from '../runs/folder.js';
import { newRunFolder } from '../runs/list.js';
import type { FolderOptions } from '../runs/options.js';
import { SAVE_EVERY_MS, throttled } from '../runs/saving.js';
import { prepareSimulation } from '../tasks/simulate.js';
import { readRuleTexts } from './attached.js';
import { type ComputedBy, EngineNotices, engineChoice } from './computed-by.js';
import { type Contestant, contestantsOf } from './contest.js';
import { dataFilesOf } from './data-files.js';
import { descentMistake } from './descent.js';
import { episodeOn, openingOf } from './episodes.js';
import type { Experiment } from './load.js';
import type { Measured, MeasureJob, MeasureProgress } from './measure.js';
import { type Finished, Measuring, type RunRule } from './measuring.js';
import { type ExperimentConfig, experimentShape, isNamed } from './schema.js';
import { spelledOut } from './spelled-out.js';
import { setupOf } from './study.js';

/** What a run comes to. */
export interface RunResult {
  readonly schemaVersion: 1;
  readonly experiment: string;
  readonly circuit: string;
  readonly task: string;
  readonly rules: readonly RunRule[];
  readonly seed: number;
  /** Of the intervals. */
  readonly level: number;
  readonly engine: ComputedBy;
  readonly runFolder: string;
  readonly seconds: number;
}

export interface RunOptions extends FolderOptions {
  onProgress?(progress: {
    readonly done: number;
    /** Of those done, episodes of an earlier process. */
    readonly before: number;
    readonly expected: number;
    readonly seconds: number;
  }): void;
}

/** A run that was stopped; its folder holds all that was found out so far. */
export class RunInterrupted extends Error {
  readonly runFolder: string;

  constructor(runFolder: string) {
    super('the run was interrupted');
    this.runFolder = runFolder;
  }
}

/**
 * Runs the rules of an experiment, and what they are compared with, on the same tasks from the same
 * initial weights. Throws an `EngrammarError` for what a person can mend, and `RunInterrupted` when
 * stopped by the signal.
 */
export async function runExperiment(
  experiment: Experiment,
  options: RunOptions,
): Promise<RunResult> {
  const { config, name, subject, where } = experiment;
  if (subject?.kind === 'space') {
    const facts = { space: subject.reference };
    throw new EngrammarError(nothingToRun(facts, where(['space'], 'key')));
  }
  const { task, seed } = config;
  const contestants = await rehearse(experiment);
  const folder = options.out ?? unwrap(newRunFolder(name));
  const { command, versions } = options;
  const tasks = [task, ...experiment.others.map((other) => other.experiment.config.task)];
  const data = [...new Set(tasks.flatMap(dataFilesOf))];
  const inputs = inputsOf(contestants);
  const facts = { name, config: spelledOut(config), command, seed, versions, data, inputs };
  const run = unwrap(createRun(folder, facts));
  return carryOut(run, config, { contestants, finished: {} }, options);
}

/** What a checkpoint of a run holds: all that runs, as plain data, and what is finished of it. */
interface Standing {
  readonly contestants: readonly Contestant[];
  readonly finished: Finished;
}

const standingIn = (checkpoint: unknown): Standing | null =>
  typeof checkpoint === 'object' && checkpoint !== null && 'contestants' in checkpoint
    ? (checkpoint as Standing)
    : null;

/** Whether a folder is that of a run of rules that has saved where it stands. */
export function isRulesRun(folder: string): boolean {
  const checkpoint = readCheckpoint(folder);
  return checkpoint.ok && standingIn(checkpoint.value) !== null;
}

/**
 * Goes on with an interrupted run of rules from what its folder holds; the result is that of an
 * uninterrupted one. Throws an `EngrammarError` for a folder that holds no such run, or one that is done or
 * was changed, and `RunInterrupted` when stopped again.
 */
export async function resumeRun(folder: string, options: RunOptions): Promise<RunResult> {
  const { run, config, checkpoint } = unwrap(openRun(folder));
  try {
    const standing = standingIn(checkpoint);
    const parsed = experimentShape.safeParse(config);
    if (!standing || !parsed.success) throw new EngrammarError(notResumable({ folder }));
    return await carryOut(run, parsed.data, standing, options);
  } catch (error) {
    if (run.manifest.status === 'running') run.finish('failed');
    throw error;
  }
}

/** Runs what is not finished yet, and leaves the folder in a state that can be gone on with, whatever happens. */
async function carryOut(
  run: RunFolder,
  config: ExperimentConfig,
  standing: Standing,
  options: RunOptions,
): Promise<RunResult> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const { signal } = options;
  const { contestants, finished } = standing;
  options.onFolder?.(run.path);
  const save = throttled(() => run.saveCheckpoint(standing), options.saveEvery ?? SAVE_EVERY_MS);
  const notices = new EngineNotices((warning) => options.onWarning?.(warning));
  const { engine, warning } = settleEngine(engineChoice(config));
  if (warning) notices.take(warning);
  const worker = new URL('./worker.js', import.meta.url);
  const pool = new WorkerPool<MeasureJob, MeasureProgress, Measured>(worker, {
    workers: config.workers ?? availableParallelism(),
  });
  const concluding = {
    save: save.now,
    signal,
    interrupted: (folder: string) => new RunInterrupted(folder),
    close: () => pool.close(),
  };
  return conclude(run, concluding, async (): Promise<RunResult> => {
    save.now();
    const crew = new Measuring(config, finished, engine, pool, signal, {
      progress: (done, before, expected) =>
        options.onProgress?.({ done, before, expected, seconds: seconds() }),
      warning: (each) => notices.take(each),
      finished: () => save.soon(),
    });
    const rules = await crew.contest(contestants);
    return {
      schemaVersion: 1,
      experiment: run.manifest.name,
      circuit: setupOf(contestants[0]!.study).circuit.name,
      task: config.task.name,
      rules,
      seed: config.seed,
      level: config.evaluate.level,
      engine: notices.of(engine),
      runFolder: run.path,
      seconds: seconds(),
    };
  });
}

/**
 * What runs in an experiment, each on its circuit with an episode beside it. Throws an `EngrammarError`
 * for what does not fit, told where the experiment says it.
 */
export async function rehearse(experiment: Experiment): Promise<Contestant[]> {
  const { where } = experiment;
  const contestants = toldAt(where(['task'], 'value'), () => contestantsOf(experiment));
  const written = [experiment, ...experiment.others.map((other) => other.experiment)];
  const { baselines = [] } = experiment.config;
  const given = baselines.flatMap((each, k) => (isNamed(each) ? [] : [['baselines', k]]));
  for (const [k, each] of contestants.entries()) {
    try {
      await tryOut(each);
    } catch (error) {
      if (!(error instanceof EngrammarError)) throw error;
      const part = written[k] ?? experiment;
      // Baselines that are rules come last, in their order.
      const baseline = given[k - contestants.length + given.length];
      const here = baseline ?? (k > 0 && part !== experiment ? ['compare', k - 1, 'name'] : null);
      const placed = error.diagnostics.map((diagnostic) => {
        if (diagnostic.source) return diagnostic;
        const path = partOf(diagnostic, each);
        if (path) return { ...diagnostic, ...part.where(path, 'key') };
        return { ...diagnostic, ...where(here ?? [wholeOf(diagnostic, part)], 'value') };
      });
      throw new EngrammarError(...placed);
    }
  }
  return contestants;
}

/** What an experiment says that a diagnostic is about, as far as it is a small part of it. */
function partOf({ code, message }: Diagnostic, { values }: Contestant): string[] | null {
  if (code === descentWithoutLoss.code) return ['descent'];
  if (code !== noSuchParameter.code) return null;
  const name = Object.keys(values).find((each) => message.includes(`\`${each}\``));
  return name === undefined ? null : ['values', name];
}

/** Whether it is about the rules, or about the task: what a circuit lacks comes from there. */
function wholeOf({ code }: Diagnostic, { config }: Experiment): string {
  if (!programDiagnostics.some((kind) => kind.code === code)) return 'task';
  return config.rule === undefined ? 'rules' : 'rule';
}

/** Puts rules on their circuit and an episode beside it: what does not fit is told before anything runs. */
async function tryOut({ name, study, rules: texts, values, descent }: Contestant): Promise<void> {
  const { circuit, episode, together } = setupOf(study);
  const rules = readRuleTexts(name, texts, circuit);
  const simulator = await prepareSimulation({ circuit, rules, values });
  episodeOn(simulator.program, circuit, openingOf(episode('score', 0)));
  simulator.dispose();
  const mistake = descent && descentMistake(simulator.program, circuit, together);
  if (mistake) throw new EngrammarError(mistake);
}

/** The texts of all rules that no circuit brings: those of the file itself, then those beside it, numbered. */
function inputsOf(contestants: readonly Contestant[]): Record<string, string> {
  const files = contestants.flatMap(({ rules, isBaseline }, k) =>
    isBaseline
      ? []
      : Object.entries(rules).map(([kind, text]) => {
          const file = `${encodeURIComponent(kind)}.rule`;
          return [k === 0 ? file : `${k + 1}.${file}`, text] as const;
        }),
  );
  return Object.fromEntries(files);
}
