import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { EngrammarError } from '../base/result.js';
import type { Style } from './style.js';

/** What a command found out: the same facts once for programs and once for people. */
export interface Outcome {
  /** The document of `--json`; `schemaVersion` is added where it is written. */
  readonly document: object;
  /** What a person reads on stdout, without the last line break. */
  text(style: Style): string;
  /** Shown on stderr. */
  readonly warnings?: readonly Diagnostic[];
  /** 1 where the outcome is that something is wrong; 0 if not given. */
  readonly exitCode?: 0 | 1;
}

/** The command line itself is wrong: nothing was done, exit code 2. */
export class UsageError extends EngrammarError {}

/** Ended by Ctrl-C after saving: exit code 130. */
export class Interrupted extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super('interrupted');
    this.diagnostics = diagnostics;
  }
}

export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;
