import { availableParallelism } from 'node:os';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { nothingToRun } from '../base/diagnostics/experiment.js';
import { EngrammarError, unwrap } from '../base/result.js';
import { WorkerPool } from '../base/threads/pool.js';
import { settleEngine } from '../engine/fallback.js';
import { createRun } from '../runs/folder.js';
import { newRunFolder } from '../runs/list.js';
import { prepareSimulation } from '../tasks/simulate.js';
import { readRuleTexts } from './attached.js';
import { type ComputedBy, EngineNotices, engineChoice } from './computed-by.js';
import { type Contestant, contestantsOf } from './contest.js';
import { dataFilesOf } from './data-files.js';
import { descentMistake } from './descent.js';
import { episodeOn } from './episodes.js';
import type { Experiment } from './load.js';
import type { Measured, MeasureJob, MeasureProgress } from './measure.js';
import { Measuring, type RunRule } from './measuring.js';
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
  if (subject?.kind === 'space') {
    throw new EngrammarError(nothingToRun({ space: subject.reference }));
  }
  const { task, seed, workers } = config;
  const contestants = contestantsOf(experiment);
  for (const each of contestants) await tryOut(each);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const folder = options.out ?? unwrap(newRunFolder(name));
  const { command, versions, signal } = options;
  const tasks = [task, ...experiment.others.map((other) => other.experiment.config.task)];
  const data = [...new Set(tasks.flatMap(dataFilesOf))];
  const written = spelledOut(config);
  const facts = {
    name,
    config: written,
    command,
    seed,
    versions,
    data,
    inputs: inputsOf(contestants),
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
    const rules = await crew.contest(contestants);
    const result: RunResult = {
      schemaVersion: 1,
      experiment: name,
      circuit: setupOf(contestants[0]!.study).circuit.name,
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

/** Puts rules on their circuit and an episode beside it: what does not fit is told before anything runs. */
async function tryOut({ name, study, rules: texts, values, descent }: Contestant): Promise<void> {
  const { circuit, episode, together } = setupOf(study);
  const rules = readRuleTexts(name, texts, circuit);
  const simulator = await prepareSimulation({ circuit, rules, values });
  episodeOn(simulator.program, circuit, episode('score', 0));
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
