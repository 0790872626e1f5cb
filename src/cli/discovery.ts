import { interrupted } from '../base/diagnostics/usage.js';
import type { Result } from '../base/result.js';
import type { DiscoveryResult } from '../discover/result.js';
import { DiscoveryInterrupted, type SessionOptions } from '../discover/session.js';
import type { Context } from './context.js';
import type { Outcome } from './outcome.js';
import { printDiscovery } from './print-discovery.js';
import { supervise } from './supervise.js';

/** Starts or resumes a discovery. */
export async function superviseDiscovery(
  context: Context,
  folder: string | undefined,
  begin: (options: SessionOptions) => Promise<DiscoveryResult>,
): Promise<Result<Outcome>> {
  return supervise(context, folder, {
    begin,
    print: printDiscovery,
    stopping: 'Stopping and saving; Ctrl-C again stops at once.',
    interruption: (error) =>
      error instanceof DiscoveryInterrupted ? interrupted({ runFolder: error.runFolder }) : null,
  });
}
