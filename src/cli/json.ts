import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { placeOf } from '../base/source.js';

/** Version of the layout of every `--json` document. */
const SCHEMA_VERSION = 1;

/** A diagnostic as a program reads it; places are counted from 1, what is not known is null. */
export interface DiagnosticDocument {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  /** Just after the last character. */
  readonly endColumn: number | null;
  /** Where an experiment names what is wrong, and for what. */
  readonly namedAt: {
    readonly file: string | null;
    readonly line: number | null;
    readonly column: number | null;
    readonly what: string | null;
  } | null;
  readonly expected: readonly string[];
  readonly hint: string | null;
}

export function diagnosticDocument(diagnostic: Diagnostic): DiagnosticDocument {
  const { code, severity, message, source, span, namedAt, expected, hint } = diagnostic;
  const named = namedAt?.source && placeOf(namedAt.source, namedAt.span?.start ?? 0);
  const start = source && placeOf(source, span?.start ?? 0);
  const end = source && placeOf(source, span?.end ?? 0);
  return {
    code,
    severity,
    message,
    file: source?.name ?? null,
    line: start?.line ?? null,
    column: start?.column ?? null,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
    namedAt: namedAt
      ? {
          file: namedAt.source?.name ?? null,
          line: named?.line ?? null,
          column: named?.column ?? null,
          what: namedAt.what ?? null,
        }
      : null,
    expected: expected ?? [],
    hint: hint ?? null,
  };
}

/** What is printed when a command failed. */
export function failureDocument(diagnostics: readonly Diagnostic[]): object {
  return { ok: false, diagnostics: diagnostics.map(diagnosticDocument) };
}

/** One JSON document; every object (of a list, every entry) says which layout it has. */
export function jsonText(document: object): string {
  const versioned = Array.isArray(document) ? document.map(withVersion) : withVersion(document);
  return JSON.stringify(versioned, null, 2);
}

const withVersion = (document: object): object => ({ schemaVersion: SCHEMA_VERSION, ...document });
