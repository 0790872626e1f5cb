import { lineOf, placeOf } from '../source.js';
import type { Diagnostic, Where } from './diagnostic.js';

/** Paints parts of the text; the default paints nothing (no terminal, or NO_COLOR). */
export interface Paint {
  code(text: string): string;
  mark(text: string): string;
  dim(text: string): string;
}

const plain: Paint = { code: (t) => t, mark: (t) => t, dim: (t) => t };

/**
 * The text a person reads. First line `FILE:LINE:COL CODE message`, then the line with carets under
 * the place, then where it was named, what was expected and a hint.
 */
export function renderDiagnostic(diagnostic: Diagnostic, paint: Paint = plain): string {
  const { source, span, code, message, namedAt, expected, hint } = diagnostic;
  const lines: string[] = [];
  if (source) {
    lines.push(`${placeText(diagnostic)} ${paint.code(code)} ${message}`);
    if (span) lines.push(...codeFrame(diagnostic, paint));
  } else {
    lines.push(`${paint.code(code)} ${message}`);
  }
  if (namedAt) {
    const what = namedAt.what === undefined ? '' : `, ${namedAt.what}`;
    lines.push(`  named at: ${placeText(namedAt)}${what}`);
  }
  if (expected && expected.length > 0) lines.push(`  expected: ${expected.join(', ')}`);
  if (hint) lines.push(`  hint: ${hint}`);
  return lines.join('\n');
}

export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  paint: Paint = plain,
): string {
  return diagnostics.map((d) => renderDiagnostic(d, paint)).join('\n\n');
}

/** `FILE:LINE:COL`. */
function placeText({ source, span }: Where): string {
  if (!source) return '';
  const { line, column } = placeOf(source, span?.start ?? 0);
  return `${source.name}:${line}:${column}`;
}

const WIDTH = 96;

function codeFrame({ source, span }: Diagnostic, paint: Paint): string[] {
  if (!source || !span) return [];
  const start = placeOf(source, span.start);
  const end = placeOf(source, Math.max(span.start, span.end));
  const whole = lineOf(source, start.line).replace(/\t/g, ' ');
  // A very long line is shown around the place.
  const from = start.column > WIDTH - 20 ? start.column - 40 : 0;
  const text = whole.slice(from, from + WIDTH);
  const last = end.line === start.line ? end.column : whole.length + 1;
  const width = Math.max(1, Math.min(last, from + WIDTH + 1) - start.column);
  const gutter = String(start.line);
  const blank = ' '.repeat(gutter.length);
  return [
    paint.dim(`  ${gutter} | `) + text,
    paint.dim(`  ${blank} | `) +
      ' '.repeat(start.column - 1 - from) +
      paint.mark('^'.repeat(width)),
  ];
}
