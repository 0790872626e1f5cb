import { interrupted } from '../base/diagnostics/usage.js';
import { type Result, success } from '../base/result.js';
import type { DiscoveryResult } from '../discover/result.js';
import { DiscoveryInterrupted, type SessionOptions } from '../discover/session.js';
import { type Context, say } from './context.js';
import { interruptible } from './interrupt.js';
import { Interrupted, type Outcome } from './outcome.js';
import { printDiscovery } from './print-discovery.js';
import { progressLine } from './progress.js';
import { packageVersions } from './version.js';

/** Starts or resumes a discovery with what both have in common: progress, Ctrl-C, the printed result. */
export async function superviseDiscovery(
  context: Context,
  folder: string | undefined,
  begin: (options: SessionOptions) => Promise<DiscoveryResult>,
): Promise<Result<Outcome>> {
  const progress = progressLine(context);
  const tell = (line: string): void => {
    progress.clear();
    say(context, line);
  };
  try {
    const result = await interruptible(
      (signal) =>
        begin({
          ...(folder === undefined ? {} : { out: folder }),
          command: ['engrammar', ...process.argv.slice(2)],
          versions: packageVersions(),
          signal,
          onFolder: (path) => tell(`The run folder is ${path}.`),
          onProgress: (state) => progress.show(state),
        }),
      () => tell('Stopping and saving; Ctrl-C again stops at once.'),
    );
    return success({ document: result, text: (style) => printDiscovery(result, style) });
  } catch (error) {
    if (!(error instanceof DiscoveryInterrupted)) throw error;
    throw new Interrupted([interrupted({ runFolder: error.runFolder })]);
  } finally {
    progress.clear();
  }
}
