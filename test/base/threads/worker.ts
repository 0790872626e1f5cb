import { workerData } from 'node:worker_threads';
import { runFolderMissing } from '../../../src/base/diagnostics/run.js';
import { EngrammarError } from '../../../src/base/result.js';
import { jobWorker } from '../../../src/base/threads/worker.js';

/** Squares a number, or does one of the things that go wrong. */
export type TestJob =
  | { readonly kind: 'square'; readonly value: number; readonly wait: number }
  | { readonly kind: 'diagnose' | 'throw' | 'exit' | 'hang' | 'count' | 'given' }
  /** Ends its worker as often as the shared number says. */
  | { readonly kind: 'die'; readonly times: Int32Array };

let jobsSeen = 0;

export const runJob = jobWorker(
  async (job: TestJob, report: (progress: number) => void): Promise<number> => {
    jobsSeen += 1;
    switch (job.kind) {
      case 'square':
        for (let i = 0; i < 5; i++) report(i);
        await new Promise((resolve) => setTimeout(resolve, job.wait));
        for (let i = 5; i < 10; i++) report(i);
        return job.value ** 2;
      case 'diagnose':
        throw new EngrammarError(runFolderMissing({ folder: 'x', found: undefined }));
      case 'throw':
        throw new Error('a defect');
      case 'exit':
        return process.exit(3);
      case 'die':
        return Atomics.sub(job.times, 0, 1) > 0 ? process.exit(4) : 1;
      case 'given':
        return workerData as number;
      case 'hang':
        report(0);
        for (;;);
      default:
        return jobsSeen;
    }
  },
);
