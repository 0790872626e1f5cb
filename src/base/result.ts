import type { Diagnostic, Where } from './diagnostics/diagnostic.js';

/** What a function gives that can find fault with a person's input. Warnings may come with a value. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function success<T>(value: T, warnings: readonly Diagnostic[] = []): Result<T> {
  return { ok: true, value, warnings };
}

export function failure<T>(...diagnostics: readonly Diagnostic[]): Result<T> {
  return { ok: false, diagnostics };
}

/**
 * Carries diagnostics through code that cannot return a `Result` (asynchronous input, deep
 * recursion). Whoever faces a person catches it and prints the diagnostics; its stack is no concern
 * of theirs.
 */
export class EngrammarError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'));
    this.name = 'EngrammarError';
    this.diagnostics = diagnostics;
  }
}

/** The value, or an `EngrammarError` with the diagnostics. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new EngrammarError(...result.diagnostics);
}

/** What `act` gives; diagnostics that it throws without a place get this one. */
export function toldAt<T>(place: Where, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof EngrammarError)) throw error;
    const placed = error.diagnostics.map((each) => (each.source ? each : { ...each, ...place }));
    throw new EngrammarError(...placed);
  }
}
