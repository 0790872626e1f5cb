import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import type { Checkpoint, Job, JobProgress, JobResult } from './jobs.js';
import type { RuleSoFar, SearchRecord } from './so-far.js';

/** Runs jobs on however many threads; results in the order of the jobs. */
export type Execute = (
  jobs: readonly Job[],
  report: (progress: JobProgress) => void,
  /** Called with each result as soon as it is there. */
  finish: (id: string, result: JobResult) => void,
) => Promise<JobResult[]>;

/** What has to outlive an interruption: results of finished jobs, and where the others stood. */
export interface Ledger {
  readonly finished: Record<string, JobResult>;
  readonly started: Record<string, Checkpoint>;
}

/** Told about everything that happens, to save and show it. */
export interface Watcher {
  /** Called after every change of the ledger. */
  saved(ledger: Ledger): void;
  record(job: string, record: SearchRecord): void;
  warning(warning: Diagnostic): void;
  /** The best rule there is so far, where rules are told of as wholes. */
  best?(rule: RuleSoFar): void;
  /** Episodes run so far in this process, and those still expected. */
  progress(done: number, expected: number): void;
}

/**
 * Runs a discovery's jobs and keeps its ledger: a job whose result is there is not run again, one
 * that had begun goes on from its checkpoint. Since jobs are plain functions of their data, a resumed
 * discovery ends exactly as an uninterrupted one.
 */
export class Crew {
  private readonly execute: Execute;
  private readonly ledger: Ledger;
  private readonly watcher: Watcher;
  private done = 0;
  private expected = 0;
  /** What ended one of several lines of work: the others end with it. */
  private failed: { readonly error: unknown } | null = null;

  constructor(execute: Execute, ledger: Ledger, watcher: Watcher) {
    this.execute = execute;
    this.ledger = ledger;
    this.watcher = watcher;
  }

  /** Announces work to come, for the time left. */
  expect(episodes: number): void {
    this.expected += episodes;
  }

  /** Tells the best rule so far to whoever waits. */
  tell(rule: RuleSoFar): void {
    this.watcher.best?.(rule);
  }

  /**
   * Several lines of work side by side, each with its own order of jobs; results in the order of the
   * lines. With the first that fails the others end, and all have ended when this throws its error.
   */
  async together<T>(lines: readonly (() => Promise<T>)[]): Promise<T[]> {
    const ended = await Promise.allSettled(
      lines.map(async (line) => {
        try {
          return await line();
        } catch (error) {
          this.failed ??= { error };
          throw error;
        }
      }),
    );
    return ended.map((each) => {
      if (each.status === 'rejected') throw this.failed!.error;
      return each.value;
    });
  }

  async run<J extends Job>(
    jobs: readonly J[],
  ): Promise<(JobResult & { readonly kind: J['kind'] })[]> {
    const { ledger } = this;
    this.goOn();
    const waiting = jobs
      .filter((job) => !ledger.finished[job.id])
      .map((job): Job => {
        const resume = ledger.started[job.id];
        return job.kind === 'train' && resume ? { ...job, resume } : job;
      });
    if (waiting.length > 0) {
      await this.execute(
        waiting,
        (progress) => this.take(progress),
        (id, result) => this.finish(id, result),
      );
    }
    return jobs.map((job) => ledger.finished[job.id] as JobResult & { readonly kind: J['kind'] });
  }

  private goOn(): void {
    if (this.failed) throw this.failed.error;
  }

  private finish(id: string, result: JobResult): void {
    this.ledger.finished[id] = result;
    delete this.ledger.started[id];
    this.watcher.saved(this.ledger);
  }

  private take(progress: JobProgress): void {
    this.goOn();
    this.done += progress.episodes;
    if (progress.warning) this.watcher.warning(progress.warning);
    if (progress.record) this.watcher.record(progress.id, progress.record);
    if (progress.checkpoint) {
      this.ledger.started[progress.id] = progress.checkpoint;
      this.watcher.saved(this.ledger);
    }
    this.watcher.progress(this.done, Math.max(this.expected, this.done));
  }
}
