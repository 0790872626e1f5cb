import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { type Style, styleFor } from './style.js';
import { tell } from './tell.js';

/** A stream text is written to: stdout, stderr, or a test's. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Where a command writes, and how it was asked to. */
export interface Context {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly out: Style;
  readonly err: Style;
  readonly env: NodeJS.ProcessEnv;
  readonly stderr: Sink;
}

export function contextOf(
  stdout: Sink,
  stderr: Sink,
  env: NodeJS.ProcessEnv,
  asked: { readonly json: boolean; readonly quiet: boolean },
): Context {
  return { ...asked, env, stderr, out: styleFor(stdout, env), err: styleFor(stderr, env) };
}

/** Talk: a line on stderr, none with --quiet. */
export function say({ quiet, stderr }: Context, line: string): void {
  if (!quiet) stderr.write(`${line}\n`);
}

/** Warnings on stderr, none with --quiet. */
export function sayWarnings(context: Context, warnings: readonly Diagnostic[]): void {
  if (warnings.length > 0) say(context, tell(warnings, context.err));
}
