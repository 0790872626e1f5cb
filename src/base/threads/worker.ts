import type { MessagePort } from 'node:worker_threads';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { EngrammarError } from '../result.js';

/** What a pool sends to a worker. */
export interface JobMessage<Job> {
  readonly job: Job;
  readonly port: MessagePort;
}

/** What a worker sends while it works; `end` is always the last. */
export type ProgressMessage<Progress> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'end' };

/** What a worker gives back. Errors do not survive the way between threads, diagnostics do. */
export type JobOutcome<Out> =
  | { readonly ok: true; readonly value: Out }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Makes a function the work of a pool. A worker file exports it under the name `runJob`:
 *
 *     export const runJob = jobWorker(async (job: Job, report: (progress: Progress) => void) => …);
 *
 * Jobs, progress and results are plain data (structured clones). A thrown `EngrammarError` reaches
 * the pool as its diagnostics.
 */
export function jobWorker<Job, Progress, Out>(
  work: (job: Job, report: (progress: Progress) => void) => Promise<Out> | Out,
): (message: JobMessage<Job>) => Promise<JobOutcome<Out>> {
  return async ({ job, port }) => {
    const send = (message: ProgressMessage<Progress>): void => port.postMessage(message);
    try {
      return {
        ok: true,
        value: await work(job, (progress) => send({ kind: 'progress', progress })),
      };
    } catch (error) {
      if (error instanceof EngrammarError) return { ok: false, diagnostics: error.diagnostics };
      throw error;
    } finally {
      send({ kind: 'end' });
      port.close();
    }
  };
}
