import { CommanderError } from 'commander';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { internalError, tooMuchMemory } from '../base/diagnostics/usage.js';
import { EngrammarError, type Result, success } from '../base/result.js';
import { type Context, contextOf, type Sink, sayWarnings } from './context.js';
import { failureDocument, jsonText } from './json.js';
import { EXIT, Interrupted, type Outcome, UsageError } from './outcome.js';
import { buildProgram } from './program.js';
import { tell } from './tell.js';
import { packageVersion } from './version.js';

export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/**
 * Runs one command line (without `node` and the script) and gives its exit code. Whatever happens
 * ends here: no error leaves this function, and none is shown with a stack trace.
 */
export async function run(
  argv: readonly string[],
  { stdout, stderr }: Streams,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  // Read before the command line is understood, so that its mistakes are told in JSON too.
  const words = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const context = contextOf(stdout, stderr, env, {
    json: words.includes('--json'),
    quiet: words.includes('--quiet') || words.includes('-q'),
  });
  const write = (text: string): void => void stdout.write(`${text}\n`);
  try {
    const outcome = await answer(argv, context);
    if (!outcome.ok) return fail(outcome.diagnostics, context, write, EXIT.failed);
    sayWarnings(context, [...outcome.warnings, ...(outcome.value.warnings ?? [])]);
    write(context.json ? jsonText(outcome.value.document) : outcome.value.text(context.out));
    return outcome.value.exitCode ?? EXIT.done;
  } catch (error) {
    return fail(diagnosticsOf(error, env, stderr), context, write, exitCodeOf(error));
  }
}

async function answer(argv: readonly string[], context: Context): Promise<Result<Outcome>> {
  let outcome: Result<Outcome> | undefined;
  let help = '';
  const program = buildProgram(context, {
    take: (result) => {
      outcome = result;
    },
    showHelp: (text) => {
      help += text;
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    // Commander ends a command line that asked for help or the version by throwing.
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
    const text = help.trimEnd();
    const document = error.code === 'commander.version' ? { version: text } : { help: text };
    return success({ document, text: () => text });
  }
  if (!outcome) throw new Error('the command gave no outcome');
  return outcome;
}

/** An error that reached the process itself, from a callback of some library. */
export function reportUnexpected(
  error: unknown,
  { stderr }: Streams,
  env: NodeJS.ProcessEnv,
): void {
  const { err } = contextOf(stderr, stderr, env, { json: false, quiet: false });
  stderr.write(`${tell(diagnosticsOf(error, env, stderr), err)}\n`);
}

function fail(
  diagnostics: readonly Diagnostic[],
  { json, err, stderr }: Context,
  write: (text: string) => void,
  exitCode: number,
): number {
  if (json) write(jsonText(failureDocument(diagnostics)));
  else stderr.write(`${tell(diagnostics, err)}\n`);
  return exitCode;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof Interrupted ? EXIT.interrupted : EXIT.failed;
}

/** What JavaScript says where an array cannot be made. */
const NO_ROOM = /allocation failed|invalid (typed )?array length/i;

function diagnosticsOf(
  error: unknown,
  env: NodeJS.ProcessEnv,
  stderr: Sink,
): readonly Diagnostic[] {
  if (error instanceof EngrammarError || error instanceof Interrupted) return error.diagnostics;
  if (env.ENGRAMMAR_DEBUG === '1' && error instanceof Error) stderr.write(`${error.stack}\n`);
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  if (error instanceof RangeError && NO_ROOM.test(reason)) return [tooMuchMemory({ reason })];
  return [internalError({ reason, version: packageVersion() })];
}
