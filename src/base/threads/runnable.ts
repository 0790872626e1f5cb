import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packageRoot } from '../package-root.js';

/**
 * The file that a thread or a process can load, and what Node must be started with. Compiled, that is the
 * file itself. In this repository's own tests the sources run uncompiled, and `worker.js` exists as
 * `worker.ts` only: then they begin with a loader for TypeScript.
 */
export function runnable(workerFile: URL): { file: string; execArgv?: string[] } {
  const source = new URL(workerFile.href.replace(/\.js$/, '.ts'));
  if (existsSync(workerFile) && !workerFile.pathname.endsWith('.ts')) {
    return { file: workerFile.href };
  }
  if (!existsSync(source)) throw new Error(`no worker ${fileURLToPath(workerFile)}`);
  const loader = pathToFileURL(join(packageRoot(), 'scripts', 'run-typescript.mjs')).href;
  return { file: source.href, execArgv: ['--import', loader] };
}
