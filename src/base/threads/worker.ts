import type { MessagePort } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
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

/** What a worker gives back. Errors do not survive the way between threads, their texts do. */
export type JobOutcome<Out> =
  | { readonly ok: true; readonly value: Out }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
  /** The message of an error that no person made. */
  | { readonly ok: false; readonly defect: string };

/**
 * Makes a function the work of a pool. A worker file exports it under the name `runJob`:
 *
 *     export const runJob = jobWorker(async (job: Job, report: (progress: Progress) => void) => …);
 *
 * Jobs, progress and results are plain data (structured clones). A thrown `EngrammarError` reaches
 * the pool as its diagnostics. `buffersOf` names the memory of a result that the worker does not need
 * any more: it is handed over instead of copied.
 */
export function jobWorker<Job, Progress, Out>(
  work: (job: Job, report: (progress: Progress) => void) => Promise<Out> | Out,
  buffersOf: (result: Out) => readonly ArrayBuffer[] = () => [],
): (message: JobMessage<Job>) => Promise<unknown> {
  return async ({ job, port }) => {
    const send = (message: ProgressMessage<Progress>): void => port.postMessage(message);
    let outcome: JobOutcome<Out>;
    let buffers: readonly ArrayBuffer[] = [];
    try {
      const value = await work(job, (progress) => send({ kind: 'progress', progress }));
      outcome = { ok: true, value };
      buffers = buffersOf(value);
    } catch (error) {
      outcome =
        error instanceof EngrammarError
          ? { ok: false, diagnostics: error.diagnostics }
          : { ok: false, defect: error instanceof Error ? error.message : String(error) };
    } finally {
      send({ kind: 'end' });
      port.close();
    }
    return move({ [transferableSymbol]: buffers, [valueSymbol]: outcome });
  };
}
