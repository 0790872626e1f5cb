#!/usr/bin/env node
import { Console } from 'node:console';
import { describeFileError } from '../base/files.js';
import { EngrammarError } from '../base/result.js';
import { EXIT } from './outcome.js';
import { reportUnexpected, run } from './run.js';

// stdout is for results: what a library prints by itself goes to stderr.
globalThis.console = new Console(process.stderr, process.stderr);

function stop(error: unknown): never {
  reportUnexpected(error, process, process.env);
  process.exit(EXIT.failed);
}

function unwritable(error: NodeJS.ErrnoException): never {
  // A reader that has seen enough (`| head`) is no failure.
  if (error.code === 'EPIPE') process.exit();
  return stop(new EngrammarError(describeFileError('the standard output', 'write', error)));
}

process.on('uncaughtException', stop);
process.on('unhandledRejection', stop);
process.stdout.on('error', unwritable);
process.stderr.on('error', () => process.exit());

process.exitCode = await run(process.argv.slice(2), process, process.env);
// Everything is written before the process ends; idle threads of a library do not keep it alive.
process.stdout.write('', (error) => (error ? unwritable(error) : process.exit()));
