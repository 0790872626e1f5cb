import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { jobsAborted, workerFailed } from '../diagnostics/run.js';
import { failure, type Result, success } from '../result.js';
import { runnable } from './runnable.js';
import type { JobMessage, JobOutcome, ProgressMessage } from './worker.js';

export interface PoolOptions {
  /** Threads; as many as there are processors if not given. */
  readonly workers?: number | undefined;
  /** What every thread finds as `workerData` of `node:worker_threads`, once for all its jobs. */
  readonly threadData?: unknown;
}

/** Jobs that are made only when their turn comes, since they may be large. */
export interface LazyJobs<Job> {
  readonly length: number;
  entries(): IterableIterator<[number, Job]>;
}

export interface JobOptions<Progress, Out> {
  /** What a worker reports while it works; all of a job's reports come before its result. */
  readonly onProgress?: (progress: Progress, job: number) => unknown;
  /** A job's result as soon as it is there, in whatever order. */
  readonly onResult?: (result: Out, job: number) => unknown;
  /** Ends the work at once; workers in mid-job are stopped. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How often a job is begun whose worker dies in it; default: once. A job that ends in an error is
   * never begun again.
   */
  readonly attempts?: number;
}

/**
 * Worker threads that stay, with whatever they have loaded and prepared, from one set of jobs to
 * the next. Idle ones do not keep the process alive.
 */
export class WorkerPool<Job, Progress, Out> {
  readonly workers: number;
  private readonly pool: Piscina;
  private readonly file: string;
  /** Threads that were stopped in mid-job, until they have ended: the pool itself forgets them. */
  private readonly leaving = new Set<Promise<void>>();

  /** `workerFile` exports `runJob`, made by `jobWorker`. Throws a RangeError for a number of threads that is none. */
  constructor(workerFile: URL, { workers = availableParallelism(), threadData }: PoolOptions = {}) {
    if (!Number.isInteger(workers) || workers < 1) {
      throw new RangeError(`workers must be a whole number from 1, not ${workers}`);
    }
    const { file, execArgv } = runnable(workerFile);
    this.workers = workers;
    this.file = file;
    this.pool = new Piscina({
      name: 'runJob',
      minThreads: 0,
      maxThreads: workers,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: threadData,
      ...(execArgv ? { execArgv } : {}),
    });
    // A worker that dies between jobs is replaced; one that dies in a job fails that job.
    this.pool.on('error', () => {});
  }

  /**
   * Runs all jobs; results in the order of the jobs, whatever the number of workers. With the first
   * job that fails the others are stopped; so they are when a callback throws, and `run` throws that.
   */
  async run(
    jobs: readonly Job[] | LazyJobs<Job>,
    options: JobOptions<Progress, Out> = {},
  ): Promise<Result<Out[]>> {
    const { signal, attempts = 1 } = options;
    const total = jobs.length;
    const results = new Map<number, Out>();
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    stop.signal.addEventListener('abort', () => this.seeOff(), { once: true });
    let fault: Result<never> | undefined;
    let thrown: { readonly error: unknown } | undefined;
    // Called in the middle of events, where a thrown error would end the process.
    const guarded = (call: () => unknown): void => {
      try {
        call();
      } catch (error) {
        thrown ??= { error };
        stop.abort();
      }
    };
    const report = (progress: Progress, job: number): void =>
      guarded(() => options.onProgress?.(progress, job));
    const waiting = jobs.entries();
    const takeJobs = async (): Promise<void> => {
      for (const [index, job] of waiting) {
        if (stop.signal.aborted) return;
        const outcome = await this.runOne(job, index, attempts, stop.signal, report);
        if (outcome.ok) {
          results.set(index, outcome.value);
          guarded(() => options.onResult?.(outcome.value, index));
        } else if (!stop.signal.aborted) {
          fault = outcome;
          stop.abort();
        }
      }
    };
    const abort = (): void => stop.abort();
    // As many sets of jobs as one likes may wait for the same signal.
    if (signal) setMaxListeners(0, signal);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    // No more at once than there are threads, so that what waits costs nothing.
    await Promise.all(Array.from({ length: Math.min(this.workers, total) }, takeJobs));
    signal?.removeEventListener('abort', abort);
    if (thrown) throw thrown.error;
    if (fault) return fault;
    if (results.size < total) return failure(jobsAborted({ done: results.size, total }));
    return success(Array.from({ length: total }, (_, index) => results.get(index)!));
  }

  /** Ends all threads; none is left when it returns, so that the process may end. */
  async close(): Promise<void> {
    await this.pool.destroy();
    await Promise.all(this.leaving);
  }

  private seeOff(): void {
    for (const thread of this.pool.threads) {
      const gone = new Promise<void>((resolve) => thread.once('exit', resolve));
      this.leaving.add(gone);
      void gone.then(() => this.leaving.delete(gone));
    }
  }

  /** What becomes of a job, which is begun again where its worker died. */
  private async runOne(
    job: Job,
    index: number,
    attempts: number,
    signal: AbortSignal,
    report: (progress: Progress, job: number) => void,
  ): Promise<Result<Out>> {
    const failed = (reason: string): Result<Out> =>
      failure(workerFailed({ job: index + 1, reason }));
    for (let attempt = 1; ; attempt++) {
      try {
        const outcome = await this.begin(job, index, signal, report);
        if (outcome.ok) return success(outcome.value);
        return 'defect' in outcome ? failed(outcome.defect) : failure(...outcome.diagnostics);
      } catch (error) {
        // No outcome: the worker died, or was stopped.
        if (attempt >= attempts || signal.aborted) return failed((error as Error).message);
      }
    }
  }

  private async begin(
    job: Job,
    index: number,
    signal: AbortSignal,
    report: (progress: Progress, job: number) => void,
  ): Promise<JobOutcome<Out>> {
    const { port1, port2 } = new MessageChannel();
    // Reports and the result come on different ways: the result counts once the reports have ended.
    const ended = new Promise<void>((resolve) => {
      port1.on('message', (message: ProgressMessage<Progress>) => {
        if (message.kind === 'end') resolve();
        else if (!signal.aborted) report(message.progress, index);
      });
      port1.on('close', resolve);
    });
    try {
      const message: JobMessage<Job> = { job, port: port2 };
      const outcome = (await this.pool.run(message, {
        filename: this.file,
        transferList: [port2],
        signal,
      })) as JobOutcome<Out>;
      await ended;
      return outcome;
    } finally {
      port1.close();
    }
  }
}

/** Runs jobs on threads that end with them. See `WorkerPool`. */
export async function runJobs<Job, Progress, Out>(
  workerFile: URL,
  jobs: readonly Job[],
  options: PoolOptions & JobOptions<Progress, Out> = {},
): Promise<Result<Out[]>> {
  const workers = Math.max(1, Math.min(options.workers ?? availableParallelism(), jobs.length));
  const pool = new WorkerPool<Job, Progress, Out>(workerFile, { workers });
  try {
    return await pool.run(jobs, options);
  } finally {
    await pool.close();
  }
}
