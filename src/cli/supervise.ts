import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { type Result, success } from '../base/result.js';
import type { SessionOptions } from '../discover/session.js';
import { type Context, say } from './context.js';
import { interruptible } from './interrupt.js';
import { Interrupted, type Outcome } from './outcome.js';
import { progressLine } from './progress.js';
import type { Style } from './style.js';
import { tellOne } from './tell.js';
import { packageVersions } from './version.js';

/** One long job with a run folder. */
export interface LongJob<T extends object> {
  begin(options: Omit<SessionOptions, 'threads'>): Promise<T>;
  print(result: T, style: Style): string;
  /** What is said at the first Ctrl-C. */
  readonly stopping: string;
  /** What to tell of an error by which the job says that it was interrupted; null for any other error. */
  interruption(error: unknown): Diagnostic | null;
}

/** Does a long job with what all have in common: progress, Ctrl-C, the printed result. */
export async function supervise<T extends object>(
  context: Context,
  folder: string | undefined,
  { begin, print, stopping, interruption }: LongJob<T>,
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
          ...(folder !== undefined && { out: folder }),
          command: ['engrammar', ...process.argv.slice(2)],
          versions: packageVersions(),
          signal,
          onFolder: (path) => tell(`The run folder is ${path}.`),
          onWarning: (warning) => tell(tellOne(warning, context.err)),
          onProgress: (state) => progress.show(state),
        }),
      () => tell(stopping),
    );
    return success({ document: result, text: (style) => print(result, style) });
  } catch (error) {
    const told = interruption(error);
    if (!told) throw error;
    throw new Interrupted([told]);
  } finally {
    progress.clear();
  }
}
