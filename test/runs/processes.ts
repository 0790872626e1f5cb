import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/base/package-root.js';

/** A process that runs `holder.ts`. */
export interface Holder {
  readonly child: ChildProcess;
  /** The next word it says; undefined when it has ended. */
  said(): Promise<string | undefined>;
  /** Ends it as a crash would, and waits until it is gone. */
  kill(): Promise<void>;
}

export function startHolder(...words: readonly string[]): Holder {
  const loader = join(packageRoot(), 'scripts', 'run-typescript.mjs');
  const file = fileURLToPath(new URL('./holder.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', loader, file, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  return {
    child,
    said: async () => (await lines.next()).value as string | undefined,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
