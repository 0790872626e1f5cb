import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import type { SettledEngine } from '../engine/fallback.js';
import { type ComputedBy, EngineNotices } from '../experiments/computed-by.js';
import { conclude } from '../runs/conclude.js';
import type { RunFolder } from '../runs/folder.js';
import { SAVE_EVERY_MS, throttled } from '../runs/saving.js';
import { Crew, type Ledger } from './crew.js';
import type { Threads } from './execute.js';
import type { SessionOptions } from './session-options.js';
import { type SearchRecord, SoFar } from './so-far.js';

/** Work of many jobs that has a run folder. */
export interface Work<T extends object> {
  /** Episodes that a meta-step runs. */
  readonly batch: number;
  readonly engine: SettledEngine;
  /** Why that is not the engine that was asked for; null where it is. */
  readonly engineWarning: Diagnostic | null;
  /** Told of every meta-step once, also of those of an earlier process. */
  take?(job: string, record: SearchRecord): void;
  /** Does the work. What it returns then makes the result, and writes what stands beside it. */
  findOut(crew: Crew): Promise<(facts: WorkFacts, run: RunFolder) => T>;
  /** What to throw when it is stopped. */
  interrupted(folder: string): Error;
}

/** What is known of a run only at its end. */
export interface WorkFacts {
  readonly engine: ComputedBy;
  readonly runFolder: string;
  readonly seconds: number;
}

/** Where work stands that an earlier process began. */
export interface Standing {
  readonly ledger: Ledger;
  readonly history: readonly unknown[];
}

/** The ledger that a checkpoint saved. */
export const ledgerIn = (checkpoint: unknown): Ledger =>
  (checkpoint as Ledger | undefined) ?? { finished: {}, started: {} };

export const NOTHING_YET = (): Standing => ({
  ledger: ledgerIn(undefined),
  history: [],
});

/**
 * Carries work out in a run folder: keeps its ledger and its history there, tells how far it is, writes the
 * result, and leaves the folder in a state that can be gone on with, whatever happens.
 */
export async function carryOut<T extends object>(
  work: Work<T>,
  hands: Threads,
  run: RunFolder,
  { ledger, history }: Standing,
  options: SessionOptions,
): Promise<T> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const save = throttled(() => run.saveCheckpoint(ledger), options.saveEvery ?? SAVE_EVERY_MS);
  options.onFolder?.(run.path);
  const soFar = new SoFar();
  for (const record of history) {
    const { job, ...told } = record as SearchRecord & { readonly job: string };
    if (soFar.take(job, told)) work.take?.(job, told);
  }
  const before = soFar.steps * work.batch;
  const notices = new EngineNotices((warning) => options.onWarning?.(warning));
  if (work.engineWarning) notices.take(work.engineWarning);
  const crew = new Crew(hands.execute, ledger, {
    saved: () => save.soon(),
    record: (job, record) => {
      if (!soFar.take(job, record)) return;
      work.take?.(job, record);
      run.record({ job, ...record });
    },
    warning: (warning) => notices.take(warning),
    best: (rule) => {
      soFar.best = rule;
    },
    progress: (here, expected) => {
      const done = here + before;
      options.onProgress?.({
        done,
        expected: Math.max(expected, done),
        seconds: seconds(),
        before,
        diverged: soFar.diverged,
        rule: soFar.rule,
      });
    },
  });
  const concluding = {
    save: save.now,
    signal: options.signal,
    interrupted: (folder: string) => work.interrupted(folder),
    close: () => hands.close(),
  };
  return conclude(run, concluding, async () => {
    const told = await work.findOut(crew);
    const facts = { engine: notices.of(work.engine), runFolder: run.path, seconds: seconds() };
    return told(facts, run);
  });
}
