import { unwrap } from '../base/result.js';
import { WorkerPool } from '../base/threads/pool.js';
import { setupOf } from '../experiments/study.js';
import type { Execute } from './crew.js';
import { type Job, type JobProgress, type JobResult, runJob, type Setups } from './jobs.js';

/** Threads that run jobs until they are closed. */
export interface Threads {
  readonly execute: Execute;
  close(): Promise<void>;
}

/** Runs jobs on worker threads, which keep their images and programs from one stage to the next. */
export function threads(workers: number, signal: AbortSignal): Threads {
  const worker = new URL('./worker.js', import.meta.url);
  const pool = new WorkerPool<Job, JobProgress, JobResult>(worker, { workers });
  return {
    execute: async (jobs, report, finish) =>
      unwrap(
        await pool.run(jobs, {
          signal,
          onProgress: report,
          onResult: (result, k) => finish(jobs[k]!.id, result),
        }),
      ),
    close: () => pool.close(),
  };
}

/** Runs jobs one after another in this thread, with circuits from wherever is said. */
export function threadWith(setups: Setups): Threads {
  return {
    execute: async (jobs, report, finish) => {
      const results: JobResult[] = [];
      for (const job of jobs) {
        const result = await runJob(job, report, setups);
        finish(job.id, result);
        results.push(result);
      }
      return results;
    },
    close: async () => {},
  };
}

/** Runs jobs one after another in this thread. */
export const inThisThread: Threads = threadWith(setupOf);
