import type { Source, Span } from '../source.js';

/**
 * Something a person should know about their input: data, never thrown text. Rendering is in
 * `render.ts`; every text is in one of the message files beside this one, so that tests compare
 * with the message function and never with a copy of its words.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly source?: Source;
  readonly span?: Span;
  /** Where somebody asked for what is wrong: the line of an experiment that names the rule. */
  readonly namedAt?: NamedAt;
  /** What could have stood at the place, in a reader's words. */
  readonly expected?: readonly string[];
  /** What to do about it. */
  readonly hint?: string;
}

export interface Where {
  readonly source?: Source;
  readonly span?: Span;
}

/** A place where something is named, and what it is named for: `the contestant slow`. */
export interface NamedAt extends Where {
  readonly what?: string;
}

/**
 * The same with a place: its own, if it has none yet; else that where it was named, as far as that is not
 * known better already.
 */
export function placedAt(diagnostic: Diagnostic, { what, ...place }: NamedAt): Diagnostic {
  if (!place.source) return diagnostic;
  if (!diagnostic.source) return { ...diagnostic, ...place };
  if (diagnostic.source.name === place.source.name) return diagnostic;
  const namedAt = { ...place, ...(what !== undefined && { what }), ...diagnostic.namedAt };
  return { ...diagnostic, namedAt };
}

type Words = Pick<Diagnostic, 'message' | 'expected' | 'hint'>;

/** One kind of diagnostic: calling it with its facts (and the place) gives the diagnostic. */
export interface DiagnosticKind<Facts> {
  (facts: Facts, where?: Where): Diagnostic;
  readonly code: string;
  readonly title: string;
  /** A paragraph for `engrammar explain CODE`: what it means, why it is refused, what to write. */
  readonly explanation: string;
}

/**
 * Declares a kind of diagnostic.
 * Codes: E1xx text and grammar, E2xx names, extents, units, locality, E3xx spaces, E4xx data files
 * (E44x rules on circuits), E5xx experiments and options, E6xx runs and files, E7xx engines, E8xx circuits and simulations;
 * W the same for warnings.
 */
export function diagnosticKind<Facts>(
  code: string,
  title: string,
  explanation: string,
  write: (facts: Facts) => Words,
): DiagnosticKind<Facts> {
  const severity = code.startsWith('W') ? 'warning' : 'error';
  const make = (facts: Facts, where: Where = {}): Diagnostic => ({
    code,
    severity,
    ...write(facts),
    ...where,
  });
  return Object.assign(make, { code, title, explanation });
}
