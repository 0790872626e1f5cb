import { interrupted } from '../base/diagnostics/usage.js';
import type { Result } from '../base/result.js';
import type { SessionOptions } from '../discover/session.js';
import type { SweepResult } from '../discover/sweep/result.js';
import { SweepInterrupted } from '../discover/sweep/session.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';
import { printSweep } from './print-sweep.js';
import { supervise } from './supervise.js';

/** Starts or resumes a sweep. */
export async function superviseSweep(
  context: Context,
  folder: string | undefined,
  begin: (options: SessionOptions) => Promise<SweepResult>,
): Promise<Result<Outcome>> {
  return supervise(context, folder, {
    begin: async (options) => {
      const result = await begin(options);
      // What typesets and draws takes long to load.
      const { writeReport } = await import('../report/report.js');
      const report = writeReport(result.runFolder);
      if (!report.ok) for (const each of report.diagnostics) options.onWarning?.(each);
      return result;
    },
    print: printSweep,
    stopping: 'Stopping and saving; Ctrl-C again stops at once.',
    interruption: (error) =>
      error instanceof SweepInterrupted ? interrupted({ runFolder: error.runFolder }) : null,
  });
}
