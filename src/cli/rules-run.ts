import { interrupted } from '../base/diagnostics/usage.js';
import type { Result } from '../base/result.js';
import { RunInterrupted, type RunOptions, type RunResult } from '../experiments/run.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';
import { printRun } from './print-run.js';
import { supervise } from './supervise.js';

/** Starts or resumes a run of rules, and draws its curves. */
export async function superviseRun(
  context: Context,
  folder: string | undefined,
  begin: (options: RunOptions) => Promise<RunResult>,
): Promise<Result<Outcome>> {
  let drawn: readonly string[] = [];
  return supervise(context, folder, {
    begin: async (options) => {
      const result = await begin(options);
      // What draws takes long to load.
      const { writeCurves } = await import('../report/run/curves.js');
      drawn = writeCurves(result.runFolder, result.rules, result.level);
      return result;
    },
    print: (result, style) => printRun(result, drawn, style),
    stopping: 'Stopping and saving; Ctrl-C again stops at once.',
    interruption: (error) =>
      error instanceof RunInterrupted ? interrupted({ runFolder: error.runFolder }) : null,
  });
}
