import { inThisThread, type Threads } from '../../src/discover/execute.js';
import type { DiscoveryResult } from '../../src/discover/result.js';

/** What two runs of the same discovery must have in common. */
export const essence = ({ runFolder: _, seconds: __, ...rest }: DiscoveryResult) => rest;

/** This thread, until it has told of its progress so often: then the discovery is stopped. */
export function stoppedAfter(most: number, stop: AbortController): Threads {
  let reports = 0;
  return {
    ...inThisThread,
    execute: (jobs, report, finish) =>
      inThisThread.execute(
        jobs,
        (progress) => {
          report(progress);
          reports += 1;
          if (reports < most) return;
          stop.abort();
          throw new Error('stopped');
        },
        finish,
      ),
  };
}
